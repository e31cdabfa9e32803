import { encode } from "@msgpack/msgpack";
import { afterEach, describe, expect, it } from "vitest";
import type { Entry } from "../../../crdt/entry.ts";
import type { Stamp } from "../../../crdt/hybrid-clock.ts";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import { createFrameCodec, type FrameCodec } from "../../../src/gossip/frame.ts";
import { channelsOf, Gossiper, type GossipLog } from "../../../src/gossip/gossiper.ts";
import { MemoryBrokerNetwork } from "../../../src/gossip/memory-broker.ts";
import { decodeMessage, encodeMessage, type Message } from "../../../src/gossip/message.ts";
import { entriesOf, originOf, STAMP } from "../../support/log-fixtures.ts";
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
  clock: Stamp = STAMP;
  readonly observed: Stamp[] = [];
  readonly received: (readonly Entry[])[] = [];
  receiveFault: Error | undefined;
  reading: Promise<Entry[]> = Promise.resolve(entriesOf(2, 1, { origin: OWN }));

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

  onCommitted(): void {
    this.vector = new Map(this.vector);
  }
}

/** A gossiper that hears what the test publishes as its peer `eu-2`, which hears everything. */
async function start() {
  const network = new MemoryBrokerNetwork();
  const log = new FakeLog();
  const trouble: unknown[] = [];
  let tick: () => void = () => undefined;
  const gossiper = new Gossiper({
    self: { server: "eu-1", incarnation: OWN },
    realm: REALM,
    log,
    broker: network.broker({ own: URL, peers: [], channels: channelsOf(REALM, "eu-1") }),
    codec: codecOf(OWN),
    clock: {
      wallMs: () => 1_760_000_000_000,
      monotonicMs: () => 0,
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
  return { gossiper, log, trouble, said, publish, say, voice, tick: () => tick() };
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

  async function started() {
    const world = await start();
    running.push(world.gossiper);
    return world;
  }

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
