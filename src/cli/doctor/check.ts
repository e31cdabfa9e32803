/** What a look at something came to. */

export interface Check {
  readonly about: "settings" | "database" | "broker" | "server";
  readonly verdict: "ok" | "warning" | "bad";
  /** What was found. */
  readonly found: string;
  /** What to do about it; of all that is not well. */
  readonly todo?: string;
}

/** CLK2: a clock further off than this makes a server degraded. */
export const CLOCK_OFFSET_MAX_MS = 2_000;

/** A look at a clock elsewhere, in milliseconds since 1970: what it showed, and when that was asked and answered here. */
export interface ClockLook {
  readonly theirsMs: number;
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** How far it is ahead, as exactly as the time of the answer allows. */
export function clockCheck(
  about: Check["about"],
  whose: string,
  { theirsMs, askedMs, answeredMs }: ClockLook,
): Check {
  const offsetMs = Math.round(theirsMs - (askedMs + answeredMs) / 2);
  const uncertainMs = Math.ceil((answeredMs - askedMs) / 2);
  const found = `the clock of ${whose} differs by ${offsetMs} ms (± ${uncertainMs})`;
  if (Math.abs(offsetMs) - uncertainMs <= CLOCK_OFFSET_MAX_MS) return { about, verdict: "ok", found };
  return {
    ...{ about, verdict: "warning", found },
    todo: "Let all machines keep time by NTP: timedatectl set-ntp true.",
  };
}
