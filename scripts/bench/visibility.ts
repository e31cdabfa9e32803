/** From the acknowledgement on one server to the same player being readable on another, idle cluster. */
import { withCluster } from "./bench-cluster.ts";
import { type Figure, percentile } from "./figure.ts";

const SAMPLES = 500;
const PAUSE_MS = 10;

export function measureVisibility(): Promise<Figure[]> {
  return withCluster(2, async ({ servers }) => {
    const [writer, reader] = servers.map(({ url }) => url);
    const millis: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const written = await fetch(`${writer}/v1/players`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ displayName: `Player ${sample}`, region: "eu" }),
      });
      const acknowledgedAt = performance.now();
      const position = written.headers.get("rollcall-position") ?? "";
      const { player } = (await written.json()) as { player: { id: string } };
      const read = await fetch(`${reader}/v1/players/${player.id}`, {
        headers: { "rollcall-after": position },
      });
      if (read.status !== 200) throw new RangeError(`the reader answers ${read.status}`);
      millis.push(performance.now() - acknowledgedAt);
      await read.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return [
      {
        what: "visible on another server, median",
        measured: `${percentile(millis, 50).toFixed(1)} ms`,
        wanted: "at most 3 ms",
      },
      {
        what: "visible on another server, 99th percentile",
        measured: `${percentile(millis, 99).toFixed(1)} ms`,
        wanted: "at most 20 ms",
      },
    ];
  });
}
