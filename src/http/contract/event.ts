/** What `GET /v1/events` sends: the `data` of its events, by their type. */
import { z } from "zod";
import { conflict } from "./conflict.ts";
import { uuid } from "./text.ts";

/** Long enough for as many incarnations as an id names. */
const EVENT_ID_LENGTH_MAX = 12_000;

export const changeEvent = z
  .object({
    kind: z.enum(["player", "match"]),
    documentId: uuid,
    position: z.string(),
    server: z.string().nullable().meta({ description: "Who wrote it; null when that is not known here." }),
    heads: z
      .array(z.string())
      .meta({ description: "Of the document with the change; none once it is erased." }),
    erased: z.boolean(),
  })
  .meta({ id: "ChangeEvent", description: "Of type `change`: an entry of the log came to be held here." });

export const memberEvent = z
  .object({
    name: z.string(),
    incarnation: z.string(),
    state: z.enum(["alive", "suspect", "down", "starting", "forgotten"]),
  })
  .meta({ id: "MemberEvent", description: "Of type `member`: how a server is doing, as this one sees it." });

const resetEvent = z.object({}).meta({
  id: "ResetEvent",
  description: "Of type `reset`: what happened before can not be told any more; read again what matters.",
});

/** As text: each event has an id, a type and one of these as its data. */
export const eventStream = z
  .union([changeEvent, conflict, memberEvent, resetEvent])
  .meta({ id: "Event", description: "The data of one event; of type `conflict` it is a conflict." });

export const eventHeaders = z.object({
  "last-event-id": z
    .string()
    .max(EVENT_ID_LENGTH_MAX)
    .optional()
    .meta({ description: "Goes on after this event, of an earlier stream at any server." }),
});

export type ChangeEvent = z.output<typeof changeEvent>;
export type MemberEvent = z.output<typeof memberEvent>;
