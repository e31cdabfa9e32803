/**
 * Putting back a value that lost, or that was overwritten (HIS3): an ordinary new change of the register, made
 * in knowledge of all that is there, whose note names the change that it restores.
 *
 * Only what a player says of itself can be put back: what was given out (identities, bans, merges) and the facts of
 * a match are ended or decided by calls of their own.
 */
import type { ChangeHash } from "./change.ts";
import type { Scalar } from "./document.ts";
import { RollcallError } from "./errors.ts";
import type { DocumentHistory } from "./history.ts";
import type { PlayerPatch } from "./player-intents.ts";

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
 * The patch that makes a player say of a register again what a change of its document said; where that change unset
 * it, it is unset.
 * @throws NothingToRestoreError
 */
export function restoringPatch(history: DocumentHistory, restoration: Restoration): PlayerPatch {
  const { path, change } = restoration;
  const set = history.find(change)?.sets.find((write) => write.path === path);
  if (!set) throw new NothingToRestoreError(restoration);
  if (path.startsWith(METADATA)) return { metadata: { [path.slice(METADATA.length)]: set.to } };
  const field = FIELDS.find((name) => name === path);
  if (!field || !isText(set.to)) throw new NothingToRestoreError(restoration);
  return { [field]: set.to };
}

function isText(value: Scalar | null): value is string | null {
  return value === null || typeof value === "string";
}
