/** A server that was away while each of two others took 20,000 registrations. */
import { entriesOf, withCluster } from "./bench-cluster.ts";
import type { Figure } from "./figure.ts";
import { registerByLoad } from "./load.ts";

const EACH = 20_000;
const CONNECTIONS = 32;
const POLL_MS = 20;

export function measureCatchUp(): Promise<Figure[]> {
  return withCluster(3, async ({ servers, opsToken }) => {
    const [one, two, away] = servers;
    if (!one || !two || !away) throw new RangeError("three servers were started");
    await away.kill();
    for (const { url } of [one, two]) await registerByLoad({ url, connections: CONNECTIONS, amount: EACH });
    // Those that stayed have heard one another out before the third returns.
    let entries = 0;
    while (entries < 2 * EACH || entries !== (await entriesOf(two.url, opsToken))) {
      entries = await entriesOf(one.url, opsToken);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const startedAt = performance.now();
    const ready = away.start();
    let first: { readonly atMs: number; readonly held: number } | undefined;
    for (let held = 0; held < entries; ) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      held = await entriesOf(away.url, opsToken).catch(() => 0); // it does not listen yet
      if (held > 0) first ??= { atMs: performance.now(), held };
    }
    const endedAt = performance.now();
    await ready;
    if (!first) throw new RangeError("the server was never seen to hold anything");
    const seconds = (endedAt - first.atMs) / 1_000;
    return [
      { what: `entries missed`, measured: String(entries) },
      { what: "all of them held, after the first page was", measured: `${seconds.toFixed(1)} s` },
      {
        what: "all of them held, after the process was started",
        measured: `${((endedAt - startedAt) / 1_000).toFixed(1)} s`,
      },
      {
        what: "entries a second",
        measured: `${Math.round((entries - first.held) / seconds)} /s`,
        wanted: "at least 5000 /s",
      },
    ];
  });
}
