/** Times as people read them: how long ago, and when. */

const UNITS = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "min", seconds: 60 },
  { name: "s", seconds: 1 },
] as const;

/** `5 min`, in the largest unit of which there are two, or one that is whole; seconds are the smallest. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const unit = UNITS.find((one) => seconds >= one.seconds * 2 || seconds === one.seconds) ?? UNITS[3];
  return `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}

export function ageWords(time: string, nowMs: number): string {
  return `${durationWords(nowMs - Date.parse(time))} ago`;
}

/** `2026-11-26 17:20:03` in UTC: the same for whoever reads it, wherever. */
export function timeWords(time: string): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
