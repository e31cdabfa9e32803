/**
 * Where a page of a list ends, as an opaque text that every server understands: it holds the key of the last
 * item, not a place in any server's memory. Each list has cursors of a form of its own.
 */
import { z } from "zod";
import { isChangeHash } from "../../crdt/change.ts";
import type { HistoryCursor } from "../../crdt/history.ts";
import { isStamp } from "../../crdt/hybrid-clock.ts";
import type { AuditCursor } from "../storage/audit-store.ts";
import type { LeaderboardCursor } from "../storage/rating-store.ts";
import type { ConflictCursor, MatchCursor, PlayerCursor } from "../storage/record-queries.ts";
import { TIME_MS_MAX } from "./contract/limits.ts";
import { uuid } from "./contract/text.ts";
import { InvalidRequestError } from "./errors.ts";
import { textFault } from "./json-guard.ts";

/** What a list's cursors hold, and the text of them. */
export interface CursorCodec<Cursor> {
  format(cursor: Cursor): string;
  /** @throws InvalidRequestError when the text is no cursor of this list. */
  parse(text: string): Cursor;
}

const fitText = z.string().refine((value) => textFault(value) === undefined);

export const playersById: CursorCodec<PlayerCursor> = codec(
  z.tuple([uuid]),
  ({ id }) => [id],
  ([id]) => ({ id, usernameKey: null }),
);

/** With the normalised name. */
export const playersByName: CursorCodec<PlayerCursor> = codec(
  z.tuple([uuid, fitText]),
  ({ id, usernameKey }) => [id, usernameKey ?? ""],
  ([id, usernameKey]) => ({ id, usernameKey }),
);

export const matchesByCreation: CursorCodec<MatchCursor> = codec(
  z.tuple([z.int().min(0).max(TIME_MS_MAX), uuid]),
  ({ createdAtMs, id }) => [createdAtMs, id],
  ([createdAtMs, id]) => ({ createdAtMs, id }),
);

export const leadersByRating: CursorCodec<LeaderboardCursor> = codec(
  z.tuple([z.int().min(1), z.number(), uuid]),
  ({ rank, rating, playerId }) => [rank, rating, playerId],
  ([rank, rating, playerId]) => ({ rank, rating, playerId }),
);

export const modesByName: CursorCodec<string> = codec(
  z.tuple([fitText]),
  (mode) => [mode],
  ([mode]) => mode,
);

export const conflictsByStamp: CursorCodec<ConflictCursor> = codec(
  z.tuple([z.string().refine(isStamp), uuid]),
  ({ stamp, id }) => [stamp, id],
  ([stamp, id]) => ({ stamp, id }),
);

export const changesByStamp: CursorCodec<HistoryCursor> = codec(
  z.tuple([z.string().refine(isStamp), z.string().refine(isChangeHash)]),
  ({ stamp, hash }) => [stamp, hash],
  ([stamp, hash]) => ({ stamp, hash }),
);

export const auditsByStamp: CursorCodec<AuditCursor> = codec(
  z.tuple([z.string().refine(isStamp), z.string().regex(/^[0-9a-f]{32}$/), z.int().min(1)]),
  ({ stamp, origin, sequence }) => [stamp, origin, sequence],
  ([stamp, origin, sequence]) => ({ stamp, origin, sequence }),
);

function codec<Schema extends z.ZodTuple, Cursor>(
  schema: Schema,
  partsOf: (cursor: Cursor) => z.output<Schema>,
  cursorOf: (parts: z.output<Schema>) => Cursor,
): CursorCodec<Cursor> {
  return {
    format: (cursor) => encode(partsOf(cursor)),
    parse(text) {
      const { data } = schema.safeParse(decode(text));
      // What is spelt in another way than it was given was tampered with or cut.
      if (data === undefined || encode(data) !== text) {
        throw new InvalidRequestError([{ parameter: "cursor", detail: "is no cursor of this list" }]);
      }
      return cursorOf(data);
    },
  };
}

function encode(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
