/**
 * Drives the protocol: frames in and out of the broker, entries in and out of the log, the clock. Signs of
 * presence go beside it: to the others once a tick, and from them to the board.
 *
 * What comes from outside is checked here and nowhere behind: a frame or message that fails is counted by its
 * reason and dropped. Nothing that a peer sends can throw past this file.
 */
import type { Entry } from "../../crdt/entry.ts";
import type { Position } from "../../crdt/position.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { Announcer } from "./announcer.ts";
import type { Broker } from "./broker.ts";
import type { Clock } from "./clock.ts";
import type { FrameCodec } from "./frame.ts";
import type { GossipLog } from "./gossip-log.ts";
import { decodeMessage, encodeMessage, type Message } from "./message.ts";
import type { PeerReport } from "./peers.ts";
import { type Presence, PresenceBoard } from "./presence-board.ts";
import { PresenceOutbox } from "./presence-outbox.ts";
import { type Effect, PAGE, Protocol, type Self, type Time } from "./protocol.ts";
import { MalformedMessageError } from "./value-stream.ts";

export interface GossiperOptions {
  readonly self: Self;
  readonly realm: string;
  readonly log: GossipLog;
  readonly broker: Broker;
  readonly codec: FrameCodec;
  readonly clock: Clock;
  /** What went wrong without harm: a page that could not be read, a store that will be tried again. */
  readonly onTrouble: (error: unknown) => void;
}

const TICK_MS = 100;
/** Pages being read for peers; questions beyond are dropped, and asked again. */
const ANSWERING_MAX = 16;

/** The channels that a server subscribes to. The braces keep a realm on one shard of a Redis Cluster. */
export function channelsOf(realm: string, server: string): string[] {
  return [channelOf(realm, "*"), channelOf(realm, server)];
}

export class Gossiper {
  /** Who is present, by the clock's monotonic time. */
  readonly presence = new PresenceBoard();
  readonly #options: GossiperOptions;
  /** From `start` on, when the log can say where it stands. */
  #protocol: Protocol | undefined;
  #announcer: Announcer | undefined;
  #acknowledgements: Acknowledgements | undefined;
  readonly #outbox = new PresenceOutbox();
  readonly #stableListeners = new Set<(stable: VersionVector) => void>();
  readonly #dropped = new Map<string, number>();
  #answering = 0;
  #received = 0;
  #stopTicking: (() => void) | undefined;

  constructor(options: GossiperOptions) {
    this.#options = options;
  }

  /** To be called once the log is open. */
  start(): void {
    const { self, broker, log, clock } = this.#options;
    const peersExpected = broker.links().filter(({ own }) => !own).length;
    const protocol = new Protocol(self, log, peersExpected, clock.monotonicMs());
    this.#protocol = protocol;
    this.presence.listen(clock.monotonicMs());
    const announcer = new Announcer({
      announce: (entries) => this.#perform(protocol.announce(entries)),
      pause: (ms) => clock.pause(ms),
    });
    this.#announcer = announcer;
    this.#acknowledgements = new Acknowledgements({
      heldBy: (origin, peers) => protocol.heldBy(origin, peers),
      inquire: (position) => this.#perform(protocol.inquire(position)),
      nowMs: () => clock.monotonicMs(),
      pause: (ms) => clock.pause(ms),
    });
    log.onCommitted(({ local, vector }) => {
      protocol.committed(vector, log.clock);
      announcer.add(local);
    });
    broker.open({
      frame: (bytes) => this.#frame(protocol, bytes),
      subscribed: () => this.#perform(protocol.subscribed(this.#time())),
      lost: () => undefined, // the broker reconnects by itself; links() shows it
    });
    this.#stopTicking = clock.every(TICK_MS, () => this.#tick(protocol));
  }

  /** Tells the others, then ends the connections. */
  async stop(): Promise<void> {
    this.#stopTicking?.();
    this.#announcer?.flush();
    const farewell = this.#protocol?.leave(this.#time()) ?? [];
    await Promise.all(farewell.map((effect) => this.#performOne(effect)));
    await this.#options.broker.close();
  }

  /** Of each origin the entries that are stable (STB2); none before `start`. */
  stable(): VersionVector {
    return this.#protocol?.stable ?? new Map();
  }

  /** Tells the stable vector whenever it has advanced, at most once a tick. */
  onStable(listener: (stable: VersionVector) => void): void {
    this.#stableListeners.add(listener);
  }

  /** A player gave a sign of presence: for the board here at once, for the others' with the next tick (PRS1). */
  announcePresence(presence: Presence): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.presence.put(presence, nowMs);
    if (this.#protocol) this.#outbox.add(presence, nowMs);
  }

  /** Waits until so many peers hold a position (ACK1). False when they did not within the time. */
  acknowledged(position: Position, peers: number, withinMs: number): Promise<boolean> {
    return this.#acknowledgements?.wait(position, peers, withinMs) ?? Promise.resolve(false);
  }

  /** Which peers hold a position, as far as was heard. */
  holders(position: Position): { server: string; has: boolean }[] {
    return this.#protocol?.holders(position) ?? [];
  }

  get caughtUp(): boolean {
    return this.#protocol?.caughtUp ?? false;
  }

  peers(): PeerReport[] {
    return this.#protocol?.peers(this.#options.clock.monotonicMs()) ?? [];
  }

  /** Peers that should be heard and are not. */
  unheard(): { server: string; heardMsAgo: number }[] {
    return this.#protocol?.unheard(this.#options.clock.monotonicMs()) ?? [];
  }

  entriesBehind(): number {
    return this.#protocol?.entriesBehind() ?? 0;
  }

  queues(): { unstored: number; asking: number; unacknowledged: number } {
    const unacknowledged = this.#acknowledgements?.waiting ?? 0;
    return { ...(this.#protocol?.queues() ?? { unstored: 0, asking: 0 }), unacknowledged };
  }

  /** Frames and messages dropped, by reason. */
  dropped(): ReadonlyMap<string, number> {
    return this.#dropped;
  }

  /** Entries received and stored. */
  get received(): number {
    return this.#received;
  }

  #tick(protocol: Protocol): void {
    this.#announcer?.flush(); // a heartbeat tells of these entries too
    const time = this.#time();
    const { log } = this.#options;
    this.#perform(protocol.tick(time, log.members(), log.forgotten));
    this.#perform(this.#outbox.take(time.nowMs).map((message) => ({ type: "send", to: "*", message })));
    this.presence.sweep(time.nowMs);
    this.#acknowledgements?.expire();
  }

  #frame(protocol: Protocol, bytes: Uint8Array): void {
    const { codec } = this.#options;
    if (codec.isOwn(bytes)) return;
    const opened = codec.open(bytes);
    if (!opened.ok) {
      this.#drop(opened.reason);
      return;
    }
    try {
      const { server, message } = decodeMessage(opened.payload);
      if (server === this.#options.self.server) {
        this.#drop("namesake");
        return;
      }
      if (message.type === "heartbeat") this.#options.log.observe(message.clock);
      if (message.type === "presence") this.presence.heard(message.signs, this.#time().nowMs);
      this.#perform(protocol.heard(server, opened.sender, message, this.#time()));
      this.#acknowledgements?.advanced();
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      this.#drop("message");
    }
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) void this.#performOne(effect);
  }

  async #performOne(effect: Effect): Promise<void> {
    try {
      switch (effect.type) {
        case "send":
          return await this.#send(effect.to, effect.message);
        case "store":
          return await this.#store(effect.entries);
        case "answer":
          return await this.#answer(effect);
        case "stable":
          for (const listener of this.#stableListeners) listener(effect.vector);
      }
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #send(to: string, message: Message): Promise<void> {
    const { self, realm, codec, broker } = this.#options;
    const frame = codec.seal(encodeMessage({ server: self.server, message }));
    await broker.publish(channelOf(realm, to), frame);
  }

  async #store(entries: readonly Entry[]): Promise<void> {
    const { log, clock } = this.#options;
    let ok = false;
    try {
      await log.receive(entries);
      ok = true;
      this.#received += entries.length;
    } finally {
      this.#perform(this.#protocol?.settled(entries, ok, clock.monotonicMs()) ?? []);
    }
  }

  async #answer({ to, request, origin, from }: Effect & { type: "answer" }): Promise<void> {
    if (this.#answering >= ANSWERING_MAX) {
      this.#drop("too-many-questions");
      return;
    }
    this.#answering++;
    try {
      const entries = await this.#options.log.entries(origin, from, PAGE);
      await this.#send(to, { type: "entries", request, origin, from, entries });
    } finally {
      this.#answering--;
    }
  }

  #drop(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  #time(): Time {
    const { clock } = this.#options;
    return { nowMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }
}

function channelOf(realm: string, to: string): string {
  return to === "*" ? `rollcall:{${realm}}:all` : `rollcall:{${realm}}:to:${to}`;
}
