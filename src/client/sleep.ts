/** Waiting, until the time is over or the signal ends it. */

/** Never shorter than `ms`. @throws the signal's reason once it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, Math.ceil(ms));
    signal.addEventListener("abort", end, { once: true });
  });
}
