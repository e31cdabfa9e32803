/** What a rule had to decide between, for operators. */
import { z } from "zod";
import { cursor, limit, pageOf } from "./paging.ts";
import { moment, serverName, time, uuid } from "./text.ts";

const conflictKind = z.enum(["field", "username", "identity", "seat", "result"]);

/** A text, a number, a boolean, null, or ranks by player id. */
const value = z.unknown();

const candidate = z
  .object({
    value,
    change: z.string().optional().meta({ description: "Hash of the change that set it." }),
    playerId: uuid.optional(),
    server: z
      .string()
      .nullable()
      .meta({ description: "Who wrote it; null when that server is not known here." }),
    at: time,
  })
  .meta({ id: "Candidate" });

export const conflict = z
  .object({
    id: z.string(),
    documentId: uuid,
    kind: conflictKind,
    path: z.string().optional().meta({ description: "Of a field." }),
    candidates: z.array(candidate),
    winner: value.meta({ description: "The value or the player that stands; null for none yet." }),
    rule: z.string().meta({ description: "The id of the rule that decided." }),
    words: z.string().meta({ description: "The same in a sentence." }),
  })
  .meta({ id: "Conflict" });

export const conflictPage = pageOf(conflict).meta({ id: "ConflictPage" });

export const conflictListQuery = z.strictObject({
  kind: conflictKind.optional(),
  since: moment.optional().meta({ description: "Those with a candidate of this time or later." }),
  until: moment.optional().meta({ description: "Those whose candidates are all earlier than this time." }),
  server: serverName.optional().meta({
    description:
      "Those with a candidate that was written there. A page may then have fewer items, or none, and go on.",
  }),
  limit,
  cursor,
});

export const documentParams = z.strictObject({ id: uuid });

export type CandidateAnswer = z.output<typeof candidate>;
export type ConflictAnswer = z.output<typeof conflict>;
export type ConflictPageAnswer = z.output<typeof conflictPage>;
export type ConflictQuery = z.output<typeof conflictListQuery>;
