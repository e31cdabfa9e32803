/**
 * What a change says of itself in its Automerge message, so that it is replicated, hashed and kept with it
 * (HIS1): the stamp of the hybrid logical clock, the reason, and on whose behalf it was made.
 *
 * `<stamp> <reason>[ <by>]`, for instance `019ab33c5e7f0000 register key`.
 */
import { parseStamp, type Stamp } from "./hybrid-clock.ts";

export type ChangeReason =
  | "register"
  | "edit"
  | "link"
  | "unlink"
  | "ban"
  | "unban"
  | "merge"
  | "create"
  | "join"
  | "leave"
  | "start"
  | "cancel"
  | "expire"
  | "report"
  | "settle"
  | "erase"
  | "restore";

export interface ChangeNote {
  readonly stamp: Stamp;
  readonly reason: string;
  /** The kind of caller: `key`, `ops`, `player`, or `open` for an unauthenticated one. */
  readonly by?: string;
}

export function formatChangeNote({ stamp, reason, by }: ChangeNote & { reason: ChangeReason }): string {
  return by === undefined ? `${stamp} ${reason}` : `${stamp} ${reason} ${by}`;
}

/** @throws MalformedTextError when the message does not begin with a stamp. */
export function parseChangeNote(message: string): ChangeNote {
  const [stamp = "", reason = "", by] = message.split(" ");
  return by === undefined ? { stamp: parseStamp(stamp), reason } : { stamp: parseStamp(stamp), reason, by };
}
