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
    state: z.enum(["running", "done"]),
    startedAt: time,
    finishedAt: time.optional(),
    documents: z.int().meta({ description: "Looked at so far." }),
    entries: z.int().meta({ description: "Looked at so far." }),
    faults: z.array(fault).meta({ description: "The first 100." }),
    faultsFound: z.int(),
  })
  .meta({ id: "Verification" });

export type VerificationAnswer = z.output<typeof verification>;
