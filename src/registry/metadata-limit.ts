/**
 * How many keys of metadata a player may come to have by its own edits. Every edit merges some in, so a limit
 * on requests alone would let a record grow without end. What merges from other servers is never refused.
 */
import type { Write } from "../../crdt/document.ts";
import type { Player } from "../../crdt/player.ts";
import { MetadataFullError } from "./errors.ts";

const METADATA_KEYS_MAX = 64;

/** The writes, if they leave room or make some. @throws MetadataFullError */
export function requireMetadataRoom(player: Player, writes: readonly Write[]): readonly Write[] {
  const metadata = writes.filter(({ map }) => map === "metadata");
  if (metadata.length === 0) return writes;
  const before = Object.keys(player.metadata).length;
  let after = before;
  for (const { key, value } of metadata) {
    if (value === null) after--;
    else if (!Object.hasOwn(player.metadata, key)) after++;
  }
  if (after > before && after > METADATA_KEYS_MAX) throw new MetadataFullError(METADATA_KEYS_MAX);
  return writes;
}
