/** What a server found when it was asked to look at everything that it holds. For operators. */
import { z } from "zod";
import { time, uuid } from "./text.ts";

const fault = z.object({ kind: z.string(), documentId: uuid.optional(), detail: z.string() });

export const verification = z.object({
  state: z.enum(["running", "done"]),
  startedAt: time,
  finishedAt: time.optional(),
  documents: z.int(),
  entries: z.int(),
  faults: z.array(fault),
  faultsFound: z.int(),
});

export type VerificationAnswer = z.output<typeof verification>;
