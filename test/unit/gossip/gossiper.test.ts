import { encode } from "@msgpack/msgpack";
import { afterEach, describe, expect, it } from "vitest";
import type { Entry } from "../../../crdt/entry.ts";
import type { Stamp } from "../../../crdt/hybrid-clock.ts";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import { createFrameCodec, type FrameCodec } from "../../../src/gossip/frame.ts";
import type { GossipLog } from "../../../src/gossip/gossip-log.ts";
import { channelsOf, Gossiper } from "../../../src/gossip/gossiper.ts";
import { MemoryBrokerNetwork } from "../../../src/gossip/memory-broker.ts";
import { decodeMessage, encodeMessage, type Message } from "../../../src/gossip/message.ts";
import { entriesOf, idOf, originOf, STAMP } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";

const REALM = "test";
const URL = "memory:one";
const OWN = originOf(1);
const PEER = originOf(2);
const [ALL = "", TO_OWN = ""] = channelsOf(REALM, "eu-1");

function codecOf(incarnation: string, secret = "a secret of the cluster"): FrameCodec {
  return createFrameCodec({ secrets: [secret], realm: REALM, incarnation });
}

class FakeLog implements GossipLog {
  vector: VersionVector = new Map();
  readonly stable: VersionVector = new Map();
  readonly forgotten = new Map<string, string>();
  clock: Stamp = STAMP;
  readonly observed: Stamp[] = [];
  readonly received: (readonly Entry[])[] = [];
  receiveFault: Error | undefined;
  reading: Promise<Entry[]> = Promise.resolve(entriesOf(2, 1, { origin: OWN }));

  members(): string[] {
    return ["eu-1"];
  }

  async receive(entries: readonly Entry[]): Promise<void> {
    this.received.push(entries);
    if (this.receiveFault) throw this.receiveFault;
  }

  entries(): Promise<Entry[]> {
    return this.reading;
  }

  observe(stamp: Stamp): void {
    this.observed.push(stamp);
  }

  #tell: Parameters<GossipLog["onCommitted"]>[0] = () => undefined;

  onCommitted(listener: Parameters<GossipLog["onCommitted"]>[0]): void {
    this.#tell = listener;
  }

  /** Stores entries of this server up to a sequence. */
  commit(sequence: number): void {
    this.vector = new Map([[OWN, sequence]]);
    this.#tell({ local: [], vector: this.vector });
  }
}

/**
 * A gossiper that hears what the test publishes as its peer `eu-2`, which hears everything. They share a broker;
 * `peers` are others that the gossiper listens to.
 */
async function start({ peers = [] as string[] } = {}) {
  const network = new MemoryBrokerNetwork();
  const log = new FakeLog();
  const trouble: unknown[] = [];
  let tick: () => void = () => undefined;
  let nowMs = 0;
  const gossiper = new Gossiper({
    self: { server: "eu-1", incarnation: OWN },
    realm: REALM,
    log,
    broker: network.broker({ own: URL, peers, channels: channelsOf(REALM, "eu-1") }),
    codec: codecOf(OWN),
    clock: {
      wallMs: () => 1_760_000_000_000,
      monotonicMs: () => nowMs,
      every: (_, call) => {
        tick = call;
        return () => {
          tick = () => undefined;
        };
      },
      pause: async () => undefined,
    },
    onTrouble: (error) => trouble.push(error),
  });
  gossiper.start();
  const said: { to: string; message: Message }[] = [];
  const peer = network.broker({ own: URL, peers: [], channels: [ALL, ...channelsOf(REALM, "eu-2")] });
  const ears = codecOf(PEER);
  peer.open({
    frame: (bytes) => {
      const opened = ears.open(bytes);
      if (opened.ok && opened.sender === OWN)
        said.push({ to: "eu-2", message: decodeMessage(opened.payload).message });
    },
    subscribed: () => undefined,
    lost: () => undefined,
  });
  await settled();
  const voice = codecOf(PEER);
  const publish = async (frame: Uint8Array, channel = TO_OWN) => {
    await peer.publish(channel, frame);
    await settled();
  };
  const say = (message: Message, server = "eu-2") => publish(voice.seal(encodeMessage({ server, message })));
  const pass = async (ms: number) => {
    nowMs += ms;
    tick();
    await settled();
  };
  return { gossiper, log, trouble, said, publish, say, voice, pass, tick: () => tick() };
}

const HEARTBEAT: Message = {
  type: "heartbeat",
  vector: new Map(),
  clock: STAMP,
  wallMs: 0,
  state: "serving",
  hello: false,
};

describe("a gossiper", () => {
  const running: Gossiper[] = [];

  afterEach(() => Promise.all(running.splice(0).map((gossiper) => gossiper.stop())));

  async function started(options?: Parameters<typeof start>[0]) {
    const world = await start(options);
    running.push(world.gossiper);
    return world;
  }

  it("[ACK1] wakes who waits for a peer with the very message that tells", async () => {
    const { gossiper, said, say, pass } = await started();
    const position = { origin: OWN, sequence: 2 };
    const waiting = gossiper.acknowledged(position, 1, 1_000);
    await settled();
    expect(said.map(({ message }) => message)).toContainEqual({ type: "inquiry", ...position });
    expect(gossiper.queues().unacknowledged).toBe(1);
    await say({ type: "holding", ...position });
    expect(await waiting).toBe(true);
    expect(gossiper.holders(position)).toEqual([{ server: "eu-2", has: true }]);
    const late = gossiper.acknowledged({ origin: OWN, sequence: 3 }, 1, 150);
    await pass(100);
    expect(gossiper.queues().unacknowledged).toBe(1);
    await pass(100);
    expect(await late).toBe(false);
  });

  it("counts what is no frame or no message by its reason, drops it, and goes on", async () => {
    const { gossiper, log, publish, say, voice } = await started();
    await publish(Buffer.from("noise"));
    await publish(
      codecOf(PEER, "the secret of another cluster").seal(
        encodeMessage({ server: "eu-2", message: HEARTBEAT }),
      ),
    );
    await publish(voice.seal(encode({ toString: 1 })));
    await publish(voice.seal(Buffer.alloc(900, Buffer.of(0xdd, 0x01, 0xff, 0xff, 0xff))));
    await publish(
      voice.seal(encodeMessage({ server: "eu-2", message: { ...HEARTBEAT, clock: "no stamp" } })),
    );
    expect(Object.fromEntries(gossiper.dropped())).toEqual({ truncated: 1, mac: 1, message: 3 });
    expect(gossiper.peers()).toEqual([]);
    expect(log.observed).toEqual([]);
    await say(HEARTBEAT);
    expect(gossiper.peers()).toMatchObject([{ server: "eu-2", incarnation: PEER, state: "alive" }]);
    expect(log.observed).toEqual([STAMP]);
  });

  it("tells of a namesake, and does not listen to it, nor to itself", async () => {
    const { gossiper, log, say, tick } = await started();
    await say(HEARTBEAT, "eu-1");
    tick();
    await settled();
    expect(Object.fromEntries(gossiper.dropped())).toEqual({ namesake: 1 });
    expect(gossiper.peers()).toEqual([]);
    expect(log.observed).toEqual([]);
  });

  it("stores what is announced, and reports a store that fails", async () => {
    const { gossiper, log, say, trouble } = await started();
    await say({ type: "announce", entries: entriesOf(2, 1, { origin: PEER }) });
    expect(log.received).toHaveLength(1);
    expect(gossiper.received).toBe(2);
    log.receiveFault = new RangeError("no room");
    await say({ type: "announce", entries: entriesOf(2, 1, { origin: originOf(3) }) });
    expect(trouble).toEqual([log.receiveFault]);
    expect(gossiper.received).toBe(2);
    expect(gossiper.queues().unstored).toBe(0);
  });

  it("answers a question with a page, and drops questions beyond those it can read for", async () => {
    const { gossiper, log, say, said, trouble } = await started();
    const question = (request: number): Message => ({ type: "want", request, origin: OWN, from: 1 });
    await say(question(7));
    const [answer] = said.filter(({ message }) => message.type === "entries");
    expect(answer?.message).toMatchObject({
      request: 7,
      origin: OWN,
      from: 1,
      entries: [{ sequence: 1 }, { sequence: 2 }],
    });

    let give: (entries: Entry[]) => void = () => undefined;
    log.reading = new Promise((resolve) => {
      give = resolve;
    });
    for (let request = 0; request < 20; request++) await say(question(request));
    expect(gossiper.dropped().get("too-many-questions")).toBe(4);
    give([]);
    await settled();
    log.reading = Promise.reject(new RangeError("cannot be read"));
    await say(question(99));
    expect(trouble).toMatchObject([{ message: "cannot be read" }]);
    expect(gossiper.dropped().get("too-many-questions")).toBe(4);
  });

  it("[STB1] tells of what became stable, to all who listen, and says it when asked", async () => {
    const { gossiper, log, trouble, pass, say } = await started();
    const told: VersionVector[] = [];
    gossiper.onStable(() => {
      throw new RangeError("cannot be stored");
    });
    log.commit(2);
    await pass(1_000);
    expect(trouble).toMatchObject([{ message: "cannot be stored" }]);
    expect(gossiper.stable()).toEqual(new Map([[OWN, 2]]));

    const { gossiper: other, log: otherLog, pass: passThere } = await started();
    other.onStable((stable) => told.push(stable));
    otherLog.commit(2);
    await passThere(1_000);
    await passThere(100);
    otherLog.commit(3);
    otherLog.commit(4);
    await passThere(100);
    expect(told).toEqual([new Map([[OWN, 2]]), new Map([[OWN, 4]])]);

    log.commit(5);
    await say({ ...HEARTBEAT, vector: new Map([[OWN, 3]]) });
    await pass(100);
    expect(gossiper.stable()).toEqual(new Map([[OWN, 2]]));
    await say({ ...HEARTBEAT, vector: new Map([[OWN, 5]]) });
    await pass(100);
    expect(gossiper.stable()).toEqual(new Map([[OWN, 5]]));
  });

  it("[STB1] expects a member for every broker of a peer, and none for its own", async () => {
    const { gossiper, log, pass, say } = await started({ peers: [URL, "memory:two"] });
    log.commit(2);
    await pass(2_000);
    expect(gossiper.stable()).toEqual(new Map());
    await say({ ...HEARTBEAT, vector: new Map([[OWN, 2]]) });
    await pass(100);
    expect(gossiper.stable()).toEqual(new Map([[OWN, 2]]));
  });

  it("[PRS1] says with the next tick, once, who gave a sign of presence here", async () => {
    const { gossiper, said, pass } = await started();
    const presence = { playerId: idOf(1), matchId: idOf(2), address: "game.example:7777" };
    gossiper.announcePresence(presence);
    expect(gossiper.presence.of(idOf(1), 0)).toEqual(presence);
    await pass(100);
    await pass(100);
    expect(said.filter(({ message }) => message.type === "presence").map(({ message }) => message)).toEqual([
      { type: "presence", signs: [{ ...presence, leftMs: 29_900 }] },
    ]);
  });

  it("[PRS1] puts what a peer says on its board, tells nobody of it, and forgets it in time", async () => {
    const { gossiper, said, say, pass } = await started();
    const presence = { playerId: idOf(1), matchId: null, address: null };
    await say({ type: "presence", signs: [{ ...presence, leftMs: 10_000 }] });
    expect(gossiper.presence.hosts(9_999)).toEqual([idOf(1)]);
    expect(gossiper.presence.hosts(10_000)).toEqual([]);
    expect(gossiper.peers()).toMatchObject([{ server: "eu-2" }]);
    await pass(60_000);
    expect(gossiper.presence.count()).toBe(1);
    await pass(100);
    expect(gossiper.presence.count()).toBe(0);
    expect(gossiper.presence.silentForMs(idOf(1), 60_100)).toBe(60_100);
    expect(said.filter(({ message }) => message.type === "presence")).toEqual([]);
  });

  it("says that it leaves when it stops, and nothing after that", async () => {
    const { gossiper, said, say, tick } = await started();
    await gossiper.stop();
    await settled();
    const last = said.at(-1)?.message;
    expect(last?.type === "heartbeat" && last.state).toBe("leaving");
    const count = said.length;
    tick();
    await say({ ...HEARTBEAT, hello: true });
    expect(said).toHaveLength(count);
  });
});
