/** Times as answers have them: RFC 3339, UTC. */
import { nextStamp, STAMP_ZERO, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import { TIME_MS_MAX } from "./contract/limits.ts";

/** Of milliseconds since 1970; what is before 1970 or after 9999 is shown as the first or the last that can be. */
export function timeText(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), TIME_MS_MAX)).toISOString();
}

export function stampTimeText(stamp: Stamp): string {
  return timeText(stampMs(stamp));
}

/** The first stamp of a time, in milliseconds since 1970. */
export function stampAt(ms: number): Stamp {
  return ms > 0 ? nextStamp(STAMP_ZERO, ms) : STAMP_ZERO;
}
