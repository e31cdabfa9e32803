/** Calls are about the latest ones, so that servers meet on them. */
const KNOWN_MAX = 60;

export function keepLatest<T>(known: T[], latest: T | undefined): void {
  if (latest === undefined) return;
  known.push(latest);
  if (known.length > KNOWN_MAX) known.shift();
}
