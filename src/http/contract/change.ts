/** What a history and an export say of a change alike. */
import { z } from "zod";
import { time } from "./text.ts";

export const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const change = z.object({
  hash: z.string(),
  parents: z.array(z.string()).meta({ description: "More than one where histories joined." }),
  server: z.string().nullable().meta({ description: "Null when that server is not known here." }),
  origin: z.string().meta({ description: "The incarnation of the server." }),
  sequence: z.int().meta({ description: "Where it stands in what its origin wrote." }),
  at: time.optional(),
  by: z.string().optional().meta({ description: "On whose behalf: the kind of caller." }),
  reason: z.string().optional().meta({ description: "One word, as `register` or `edit`." }),
  sets: z.array(z.object({ path: z.string(), to: scalar.nullable() })).meta({
    description: "Each register once, as `displayName` or `metadata/level`; null where it was unset.",
  }),
});

export type ChangeAnswer = z.output<typeof change>;
