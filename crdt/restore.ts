/**
 * Putting back a value that lost, or that was overwritten (HIS3): an ordinary new change of the register, made
 * in knowledge of all that is there, whose note names the change that it restores.
 *
 * Only what a player says of itself can be put back: what was given out (identities, bans, merges) and the facts of
 * a match are ended or decided by calls of their own.
 */
import type { ChangeHash, DecodedChange } from "./change.ts";
import type { Scalar, Write } from "./document.ts";
import { RollcallError } from "./errors.ts";
import { historyOf } from "./history.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { PLAYER_FIRST_CHANGE, type Player } from "./player.ts";
import { editWrites } from "./player-intents.ts";

export interface Restoration {
  /** `displayName`, `metadata/level`. */
  readonly path: string;
  /** Which change wrote the value. */
  readonly change: ChangeHash;
}

/** The change is not known here, did not write the register, or the register is none that can be put back. */
export class NothingToRestoreError extends RollcallError {
  readonly code = "nothing-to-restore";

  constructor({ path, change }: Restoration) {
    super(`change ${JSON.stringify(change)} has no value of ${JSON.stringify(path)} that can be put back`);
  }
}

const METADATA = "metadata/";
const FIELDS = ["username", "displayName", "region", "platform"] as const;

/**
 * The writes that make a player's register say again what a change of it said; where that change unset it, it is
 * unset. Empty when it says so already. A name is claimed anew, with this stamp (CLM1).
 * @param changes All of the player's document, in any order.
 * @throws NothingToRestoreError
 */
export function restoreWrites(
  player: Player,
  changes: readonly DecodedChange[],
  restoration: Restoration,
  stamp: Stamp,
): Write[] {
  const { path, change } = restoration;
  const item = historyOf(PLAYER_FIRST_CHANGE, changes).find(({ hash }) => hash === change);
  const set = item?.sets.find((write) => write.path === path);
  if (!set) throw new NothingToRestoreError(restoration);
  if (path.startsWith(METADATA)) {
    return editWrites(player, { metadata: { [path.slice(METADATA.length)]: set.to } }, stamp);
  }
  const field = FIELDS.find((name) => name === path);
  if (!field || !isText(set.to)) throw new NothingToRestoreError(restoration);
  return editWrites(player, { [field]: set.to }, stamp);
}

function isText(value: Scalar | null): value is string | null {
  return value === null || typeof value === "string";
}
