/**
 * From the acknowledgement on one server to the same player being shown by another, idle cluster.
 *
 * The reader is asked before the write is made: the id is derived from the idempotency key, and the position is
 * the writer's next one, so the read waits at the reader until the entry is stored there. Both times are taken
 * where the answers arrive, so what a client costs to send a request is on neither side.
 */
import { documentIdOfKey } from "../../crdt/ids.ts";
import { formatPosition, type Position, parsePosition } from "../../crdt/position.ts";
import { REALM } from "../../src/cli/demo/local-cluster.ts";
import { withCluster } from "./bench-cluster.ts";
import { type Figure, percentile } from "./figure.ts";

const SAMPLES = 500;
const PAUSE_MS = 10;
const READ_WAIT_MS = "10000";

export function measureVisibility(): Promise<Figure[]> {
  return withCluster(2, async ({ servers }) => {
    const [writer, reader] = servers.map(({ url }) => url);
    let position = (await register(`${writer}`, "first")).position;
    const millis: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const key = `sample-${sample}`;
      position = { ...position, sequence: position.sequence + 1 };
      const shown = show(`${reader}`, key, position);
      const { acknowledgedAt } = await register(`${writer}`, key);
      millis.push((await shown) - acknowledgedAt);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return [
      {
        what: "acknowledged on one server to shown by another, median",
        measured: `${percentile(millis, 50).toFixed(1)} ms`,
        wanted: "at most 3 ms",
      },
      {
        what: "acknowledged on one server to shown by another, 99th percentile",
        measured: `${percentile(millis, 99).toFixed(1)} ms`,
        wanted: "at most 20 ms",
      },
    ];
  });
}

async function register(url: string, key: string): Promise<{ position: Position; acknowledgedAt: number }> {
  const response = await fetch(`${url}/v1/players`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ displayName: key, region: "eu" }),
  });
  const acknowledgedAt = performance.now();
  if (response.status !== 201) throw new RangeError(`the writer answers ${response.status}`);
  await response.arrayBuffer();
  return { position: parsePosition(response.headers.get("rollcall-position") ?? ""), acknowledgedAt };
}

/** When the reader showed the player, which it had not before it had the position. */
async function show(url: string, key: string, position: Position): Promise<number> {
  const response = await fetch(`${url}/v1/players/${documentIdOfKey(REALM, "player", key)}`, {
    headers: { "rollcall-after": formatPosition(position), "rollcall-wait": READ_WAIT_MS },
  });
  const shownAt = performance.now();
  if (response.status !== 200) throw new RangeError(`the reader answers ${response.status}`);
  await response.arrayBuffer();
  return shownAt;
}
