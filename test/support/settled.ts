/** More turns of the event loop than a write waits for company and then for its group. */
const TURNS = 4;

/** Everything that waits for no time, file or socket has happened. */
export async function settled(): Promise<void> {
  for (let left = TURNS; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}
