/** Ending a command in order, on whatever signal or uncaught error asks for it. */
import closeWithGrace from "close-with-grace";

/** What asked for the end. */
export interface EndCause {
  readonly err?: Error | undefined;
  readonly signal?: NodeJS.Signals | undefined;
}

/**
 * Signals of a process that is broken. A handler in JavaScript never gets to run then, but its being there makes
 * the faulty instruction run again, and again, at full speed.
 */
const BROKEN = ["SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV"] as const;

/** Exit code 0 once `end` has resolved, 1 after an error, a second signal, or when it takes too long. */
export function endInOrder(withinMs: number, end: (cause: EndCause) => Promise<void>): void {
  closeWithGrace({ delay: withinMs, logger: false, skip: [...BROKEN] }, end);
  // The terminal was closed: there is nobody to tell, and still everything to be stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
