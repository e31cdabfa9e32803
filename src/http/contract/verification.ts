/** What a verification of this server came to. */
import { z } from "zod";
import { time, uuid } from "./text.ts";

const fault = z
  .object({
    kind: z.string().meta({
      description:
        "What is not as the log says: `entry-missing`, `entry-damaged`, `document`, `record`, `claim`, `conflict`, " +
        "`rating`, `total`; `unreadable` for what could not be looked at.",
    }),
    documentId: uuid.optional(),
    detail: z.string(),
  })
  .meta({ id: "Fault" });

export const verification = z
  .object({
    state: z.enum(["running", "done", "failed"]).meta({
      description: "`failed`: it ended before all was looked at; `failure` says why.",
    }),
    part: z.string().optional().meta({
      description:
        "While it runs, what it is at: `log`, `documents`, `claims`, `conflicts`, `ratings`, `totals`, in this order.",
    }),
    startedAt: time,
    finishedAt: time.optional(),
    documents: z.int().meta({ description: "Looked at so far." }),
    entries: z.int().meta({ description: "Looked at so far." }),
    expected: z.object({ documents: z.int(), entries: z.int() }).optional().meta({
      description: "How many there were to look at when it began; those that come meanwhile may be more.",
    }),
    failure: z.object({ code: z.string(), detail: z.string() }).optional().meta({
      description: "`verification-store-away`: PostgreSQL did not answer for ten minutes.",
    }),
    faults: z.array(fault).meta({ description: "The first 100." }),
    faultsFound: z.int(),
  })
  .meta({ id: "Verification" });

export type VerificationAnswer = z.output<typeof verification>;
