/**
 * A server's wall clock, set off by so many milliseconds at will: a file says by how many, and code that Node.js
 * loads before the server makes `Date.now` follow it. The product knows nothing of it.
 */
import { writeFile } from "node:fs/promises";

export interface ClockFile {
  /** For Node.js, before the program. */
  readonly nodeArguments: readonly string[];
  /** Followed within `FOLLOWED_WITHIN_MS`; also by a process that is started later. */
  setOffset(ms: number): Promise<void>;
}

export const FOLLOWED_WITHIN_MS = 50;

export async function openClockFile(path: string): Promise<ClockFile> {
  const setOffset = (ms: number) => writeFile(path, String(ms));
  await setOffset(0);
  const preload = `data:text/javascript,${encodeURIComponent(followingDate(path))}`;
  return { nodeArguments: ["--import", preload], setOffset };
}

function followingDate(path: string): string {
  return `
    import { readFileSync } from "node:fs";
    const truly = Date.now.bind(Date);
    let offsetMs = 0;
    const follow = () => { offsetMs = Number(readFileSync(${JSON.stringify(path)}, "utf8")) || 0; };
    follow();
    setInterval(follow, ${FOLLOWED_WITHIN_MS}).unref();
    Date.now = () => truly() + offsetMs;
  `;
}
