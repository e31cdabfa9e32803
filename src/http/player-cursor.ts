/**
 * Where a page of the list of players ends, as an opaque text that every server understands: it holds the key
 * of the last player, not a place in any server's memory.
 */
import { z } from "zod";
import type { PlayerCursor } from "../storage/log-store.ts";
import { uuid } from "./contract/text.ts";
import { InvalidRequestError } from "./errors.ts";
import { textFault } from "./json-guard.ts";

/** The id, and the normalised name where the page is ordered by name. */
const content = z.union([
  z.tuple([uuid]),
  z.tuple([uuid, z.string().refine((name) => textFault(name) === undefined)]),
]);

export function formatPlayerCursor({ id, usernameKey }: PlayerCursor): string {
  const parts = usernameKey === null ? [id] : [id, usernameKey];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** @throws InvalidRequestError when the text is no cursor of a list in this order. */
export function parsePlayerCursor(text: string, order: "by-id" | "by-name"): PlayerCursor {
  const parsed = content.safeParse(parseJson(Buffer.from(text, "base64url").toString("utf8")));
  const [id, usernameKey = null] = parsed.data ?? [];
  if (id === undefined || (order === "by-name") !== (usernameKey !== null)) {
    throw new InvalidRequestError([{ parameter: "cursor", detail: "is no cursor of this list" }]);
  }
  return { id, usernameKey };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
