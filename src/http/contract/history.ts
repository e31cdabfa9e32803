/** What happened to a document: its changes, how it was, and what lies between (HIS1, HIS3, HIS4). For operators. */
import { z } from "zod";
import { change, scalar } from "./change.ts";
import { HEADS_MAX, HISTORY_ITEMS_MAX, PATH_LENGTH_MAX, TAKE_FROM_MAX } from "./limits.ts";
import { cursor, limitUpTo, pageOf } from "./paging.ts";
import { reason, uuid } from "./text.ts";

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "must be the hash of a change: 64 hexadecimal digits" });

/** Of one change or several, of which none knew of the others. */
const heads = z
  .string()
  .regex(/^[0-9a-f]{64}(?:,[0-9a-f]{64})*$/, { error: "must be hashes of changes, comma-separated" })
  .refine((value) => value.split(",").length <= HEADS_MAX, { error: `must have at most ${HEADS_MAX} hashes` })
  .meta({ description: "Hashes of changes, comma-separated: these and all that they knew of." });

const recordedChange = change
  .extend({
    concurrentWith: z.array(z.string()).meta({
      description: "Changes of which neither knew of the other; the first 100.",
    }),
    concurrentCount: z.int().meta({ description: "How many of them there are." }),
    restores: z.string().optional().meta({ description: "The change whose value it puts back." }),
    met: z
      .array(z.string())
      .meta({ description: "Ids of the conflicts of fields that it is a candidate of." }),
    words: z.string().meta({ description: "The same in a sentence, with what it met." }),
  })
  .meta({ id: "RecordedChange" });

export const history = pageOf(recordedChange)
  .extend({ total: z.int().meta({ description: "How many changes there are, on all pages together." }) })
  .meta({
    id: "History",
    description: "Newest first, without the first change, which all documents of a kind have in common.",
  });

export const historyQuery = z.strictObject({ limit: limitUpTo(HISTORY_ITEMS_MAX), cursor });

export const documentView = z
  .object({
    id: uuid,
    kind: z.enum(["player", "match"]),
    heads: z.array(z.string()),
    document: z.record(z.string(), scalar).meta({ description: "Each register that is set, by its path." }),
  })
  .meta({ id: "DocumentView" });

export const documentQuery = z.strictObject({ at: heads.optional() });

export const diffQuery = z.strictObject({ from: heads, to: heads });

export const diff = z
  .object({
    from: z.array(z.string()),
    to: z.array(z.string()),
    patches: z.array(z.object({ path: z.string(), from: scalar.optional(), to: scalar.optional() })).meta({
      description: "Registers that read differently; what is absent is unset there.",
    }),
  })
  .meta({ id: "Diff" });

export const restoration = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .max(PATH_LENGTH_MAX)
      .meta({ description: "`username`, `displayName`, `region`, `platform` or `metadata/<key>`." }),
    change: hash.meta({ description: "The change that set the value." }),
    takeFrom: z
      .array(uuid)
      .min(1)
      .max(TAKE_FROM_MAX)
      .optional()
      .meta({ description: "Of `username`: players who give that name up for it, where they have it." }),
    reason: reason.optional().meta({ description: "Why it is put back." }),
  })
  .refine(({ path, takeFrom }) => takeFrom === undefined || path === "username", {
    error: "is said of `username` alone",
    path: ["takeFrom"],
  })
  .meta({ id: "Restoration" });

export type RecordedChangeAnswer = z.output<typeof recordedChange>;
export type HistoryAnswer = z.output<typeof history>;
export type DocumentAnswer = z.output<typeof documentView>;
export type DiffAnswer = z.output<typeof diff>;
