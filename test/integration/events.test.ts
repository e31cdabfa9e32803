/** The event stream of real servers, with the real client. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient, type RollcallClient, type ServerEvent } from "../../src/client/client.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";

/** However busy the machine is. */
const WITHIN_MS = 30_000;

let cluster: TestCluster;
let writing: RollcallClient;

beforeAll(async () => {
  cluster = await startTestCluster(2);
  writing = createClient({
    servers: cluster.servers.map(({ url }) => url),
    token: cluster.apiKey,
    patienceMs: WITHIN_MS,
    timeoutMs: WITHIN_MS,
  });
});

afterAll(async () => {
  await cluster?.remove();
});

/** Collects what a stream tells until it is left. */
function collect(client: RollcallClient, type: string) {
  const events: ServerEvent[] = [];
  const leaving = new AbortController();
  const done = (async () => {
    for await (const event of client.events({ signal: leaving.signal })) {
      if (event.type === type) events.push(event);
    }
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  const told = () => events.map(({ data }) => (data as { documentId: string }).documentId);
  const leave = async () => {
    leaving.abort();
    await done;
  };
  return { events, told, leave };
}

test("[EVT2] the client hears all at the next server when its own stops, and nothing twice", async () => {
  const [here, there] = cluster.sides;
  const client = createClient({
    servers: [here.url, there.url],
    token: cluster.opsToken,
    patienceMs: WITHIN_MS,
  });
  const { told, leave } = collect(client, "change");
  const written: string[] = [];
  const write = async () => {
    written.push((await writing.players.register()).player.id);
  };
  // Once the first is heard the stream is open.
  await eventually(
    async () => {
      await write();
      await eventually(() => expect(told()).toContain(written.at(-1)), { withinMs: 1_000 });
    },
    { withinMs: WITHIN_MS },
  );
  const begun = told()[0];
  await write();
  const metrics = await (await fetch(`${here.url}/metrics`)).text();
  const serving = /^rollcall_event_listeners 1$/m.test(metrics) ? here : there;
  await serving.stop();
  await write();
  await write();
  const expected = written.slice(written.indexOf(begun ?? ""));
  await eventually(() => expect(told()).toEqual(expected), { withinMs: WITHIN_MS });
  await serving.start();
  await write();
  await eventually(() => expect(told()).toEqual([...expected, written.at(-1)]), { withinMs: WITHIN_MS });
  await leave();
});

test("[EVT1] a player hears of its own match, which a back end made at another server", async () => {
  const [here] = cluster.sides;
  const playing = createClient({ servers: [here.url], patienceMs: WITHIN_MS, timeoutMs: WITHIN_MS });
  const device = { provider: "device", subject: "a-secret-that-only-this-device-knows" };
  const { player } = await playing.players.register({ identity: device });
  for (const position of playing.positions.kept) writing.positions.see(position);
  const { told, leave } = collect(playing, "change");
  await eventually(
    async () => {
      const { id } = await writing.matches.create({ mode: "duel", capacity: 2, hostId: player.id });
      await eventually(() => expect(told()).toContain(id), { withinMs: 1_000 });
    },
    { withinMs: WITHIN_MS },
  );
  await leave();
});
