/** Bans as requests and answers have them. */
import { z } from "zod";
import { moment, reason, time, uuid } from "./text.ts";

export const newBan = z
  .strictObject({
    reason,
    until: moment.optional().meta({ description: "When it ends; for ever when absent." }),
  })
  .meta({ id: "NewBan" });

export const ban = z
  .object({
    id: z.string(),
    reason: z.string(),
    by: z.string().meta({ description: "On whose behalf: the kind of caller." }),
    from: time,
    until: time.nullable().meta({ description: "Null: for ever." }),
    lifted: z.boolean(),
  })
  .meta({ id: "Ban" });

export const banParams = z.strictObject({ id: uuid, banId: uuid });

export type BanAnswer = z.output<typeof ban>;
