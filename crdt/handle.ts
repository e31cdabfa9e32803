/** The name under which a player is shown (CLM1). */
import type { DocumentId } from "./ids.ts";
import type { Player } from "./player.ts";

/** Hexadecimal digits of the id, from its end: the random or hashed part of it. */
const DIGITS = 4;

/**
 * The username where the player owns it; where somebody else does, or nobody, the name with four digits of the
 * player's id, `ada#12ef`; null without a username.
 */
export function handleOf(
  { id, username }: Pick<Player, "id" | "username">,
  ownerId: DocumentId | null | undefined,
): string | null {
  if (username === null || ownerId === id) return username;
  return `${username}#${id.slice(-DIGITS)}`;
}
