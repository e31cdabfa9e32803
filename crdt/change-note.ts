/**
 * What a change says of itself in its Automerge message, so that it is replicated, hashed and kept with it
 * (HIS1): the stamp of the hybrid logical clock, the reason, on whose behalf it was made, and which change it puts
 * back (HIS3).
 *
 * `<stamp> <reason>[ <by>[ <restored change>]]`, for instance `019ab33c5e7f0000 register key`.
 */
import { type ChangeHash, isChangeHash } from "./change.ts";
import { isStamp, parseStamp, type Stamp } from "./hybrid-clock.ts";

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
  /** Of a `restore`: the change whose value it puts back. Only together with `by`. */
  readonly restores?: ChangeHash;
}

export function formatChangeNote(note: ChangeNote & { reason: ChangeReason }): string {
  const { stamp, reason, by, restores } = note;
  return [stamp, reason, by, by && restores].filter((part) => part !== undefined).join(" ");
}

/** Undefined when the message does not begin with a stamp. */
export function stampOfMessage(message: string): Stamp | undefined {
  const end = message.indexOf(" ");
  const stamp = end < 0 ? message : message.slice(0, end);
  return isStamp(stamp) ? stamp : undefined;
}

/** Undefined when the message does not begin with a stamp. */
export function readChangeNote(message: string): ChangeNote | undefined {
  return stampOfMessage(message) === undefined ? undefined : parseChangeNote(message);
}

/** @throws MalformedTextError when the message does not begin with a stamp. */
export function parseChangeNote(message: string): ChangeNote {
  const [stamp = "", reason = "", by, restores] = message.split(" ");
  return {
    stamp: parseStamp(stamp),
    reason,
    ...(by === undefined ? {} : { by }),
    ...(restores === undefined || !isChangeHash(restores) ? {} : { restores }),
  };
}
