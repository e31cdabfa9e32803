/**
 * Calls `expired` after so many milliseconds, but not before what had arrived by then was read; gives the
 * function that calls it off.
 *
 * Timers run before sockets are read. After the process itself was held up, a plain timer would declare an
 * answer missing that lies in the socket, and end a healthy connection.
 */
export function startDeadline(delayMs: number, expired: () => void): () => void {
  let afterReading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    afterReading = setImmediate(expired);
  }, delayMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(afterReading);
  };
}
