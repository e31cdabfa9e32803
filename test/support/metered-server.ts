/**
 * A server's metrics with something to show in each series: a peer it hears, a frame it refused, a conflict, a trouble,
 * a request, a verification that found something. All of it happens in memory; the metrics are those that a server has.
 */
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createFrameCodec } from "../../src/gossip/frame.ts";
import { channelsOf, Gossiper } from "../../src/gossip/gossiper.ts";
import { MemoryBrokerNetwork } from "../../src/gossip/memory-broker.ts";
import { encodeMessage } from "../../src/gossip/message.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { originOf, STAMP } from "./log-fixtures.ts";
import { settled } from "./settled.ts";
import { startSmallServer } from "./small-server.ts";
import { AUTHOR, deliver, startTestServer } from "./test-server.ts";

const URL_OF_BROKER = "memory:one";
const REALM = "test";
/** Longer than a member may be silent. */
const SILENCE_MS = 60_000;

export interface MeteredServer {
  readonly metrics: Metrics;
  /** What `/metrics` answers. */
  read(): Promise<string>;
}

export async function startMeteredServer(): Promise<MeteredServer> {
  const [one, two] = [await startTestServer({ number: 1 }), await startTestServer({ number: 2 })];
  const network = new MemoryBrokerNetwork();
  const broker = network.broker({
    own: URL_OF_BROKER,
    peers: ["memory:two"],
    channels: channelsOf(REALM, "server-1"),
  });
  let nowMs = 0;
  const gossiper = new Gossiper({
    self: { server: "server-1", incarnation: one.origin },
    realm: REALM,
    log: one.registry,
    broker,
    codec: codecOf(one.origin),
    clock: {
      wallMs: () => 0,
      monotonicMs: () => nowMs,
      every: () => () => undefined,
      pause: async () => undefined,
    },
    onTrouble: () => undefined,
  });
  const metrics = new Metrics({
    registry: one.registry,
    gossiper,
    broker,
    store: one.store,
    verification: { latest: () => ({ faultsFound: 3, unreadableFound: 1, failure: null }) },
    events: { listeners: 0 },
    monotonicMs: () => nowMs,
  });
  gossiper.start();
  await hear(network, two.origin);
  nowMs += SILENCE_MS;
  for (const { registry } of [one, two]) {
    await registry.players.register({ fields: { username: "ada" } }, AUTHOR);
  }
  await deliver(two, one);
  metrics.trouble("storage-full");
  await request(metrics, (_, response) => response.end());
  return { metrics, read: async () => (await metrics.read()).text };
}

/** A heartbeat of the peer, and a frame of somebody who has another secret. */
async function hear(network: MemoryBrokerNetwork, peer: string): Promise<void> {
  const mouth = network.broker({ own: URL_OF_BROKER, peers: [], channels: [] });
  mouth.open({ frame: () => undefined, subscribed: () => undefined, lost: () => undefined });
  await settled();
  const [everybody = ""] = channelsOf(REALM, "server-1");
  const message = {
    type: "heartbeat",
    vector: new Map(),
    clock: STAMP,
    wallMs: 0,
    state: "serving",
    hello: false,
  } as const;
  const payload = encodeMessage({ server: "server-2", message });
  await mouth.publish(everybody, codecOf(peer).seal(payload));
  await mouth.publish(everybody, codecOf(originOf(3), "another secret").seal(payload));
  await settled();
}

function codecOf(incarnation: string, secret = "a secret of the cluster") {
  return createFrameCodec({ secrets: [secret], realm: REALM, incarnation });
}

/** One GET through the measuring listener, until it is over on the server's side, too. */
export async function request(metrics: Metrics, app: RequestListener, path = "/"): Promise<void> {
  const measured = metrics.measured(app);
  let over: Promise<unknown> = Promise.resolve();
  const server = await startSmallServer((incoming, response) => {
    measured(incoming, response);
    over = once(response, "close");
  });
  await (await fetch(`${server.url}${path}`)).text();
  await over;
  await server.kill();
}
