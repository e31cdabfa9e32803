/**
 * The id of an event: what the stream has told up to there, as a version vector in short. Every server that holds
 * the same entries can go on from it (EVT2).
 *
 * `1`, then for each origin `.<its first 16 digits>-<sequence, base 36>`. 64 bits tell the origins of a cluster apart.
 */
import { RollcallError } from "../../../crdt/errors.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import type { VersionVector } from "../../../crdt/version-vector.ts";

/** What a stream has told: up to which sequence, by an origin's first digits. */
export type Told = Map<string, number>;

/** No id that a server of this version gave. */
export class MalformedEventIdError extends RollcallError {
  readonly code = "malformed-event-id";
}

const VERSION = "1";
const ORIGIN_DIGITS = 16;
const RADIX = 36;
const PATTERN = /^1(?:\.[0-9a-f]{16}-[1-9a-z][0-9a-z]{0,10})*$/;
/** Node refuses requests with more than 16 KiB of headers. More incarnations than this are years of restarts. */
const ORIGINS_MAX = 400;

export function formatEventId(told: ReadonlyMap<string, number>): string {
  // Those that were heard of last: of the others nothing comes any more.
  const segments = Array.from(told, ([origin, sequence]) => `.${short(origin)}-${sequence.toString(RADIX)}`);
  return VERSION + segments.slice(-ORIGINS_MAX).join("");
}

/** @throws MalformedEventIdError */
export function parseEventId(id: string): Told {
  const segments = PATTERN.test(id) ? id.split(".").slice(1) : undefined;
  if (!segments || segments.length > ORIGINS_MAX) throw new MalformedEventIdError("it is no id of an event");
  return new Map(
    segments.map((segment) => {
      const [origin = "", sequence = ""] = segment.split("-");
      return [origin, Number.parseInt(sequence, RADIX)];
    }),
  );
}

export function wasTold(told: ReadonlyMap<string, number>, { origin, sequence }: Position): boolean {
  return (told.get(short(origin)) ?? 0) >= sequence;
}

export function tell(told: Told, { origin, sequence }: Position): void {
  const key = short(origin);
  if ((told.get(key) ?? 0) < sequence) told.set(key, sequence);
}

/** Whether all that a vector holds was told. */
export function allTold(told: ReadonlyMap<string, number>, vector: VersionVector): boolean {
  for (const [origin, sequence] of vector) if (!wasTold(told, { origin, sequence })) return false;
  return true;
}

export function tellAll(told: Told, vector: VersionVector): void {
  for (const [origin, sequence] of vector) tell(told, { origin, sequence });
}

/** Takes what an id had no room for as told, up to here. */
export function complete(told: Told, vector: VersionVector): void {
  if (told.size < ORIGINS_MAX) return;
  for (const [origin, sequence] of vector) if (!told.has(short(origin))) tell(told, { origin, sequence });
}

function short(origin: Origin): string {
  return origin.slice(0, ORIGIN_DIGITS);
}
