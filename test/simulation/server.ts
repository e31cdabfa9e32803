/** A server of the simulation: the real registry and gossip on a memory disk, a virtual clock and network. */
import type { Broker } from "../../src/gossip/broker.ts";
import { createFrameCodec } from "../../src/gossip/frame.ts";
import { channelsOf, Gossiper } from "../../src/gossip/gossiper.ts";
import type { Random } from "../../src/lab/random.ts";
import { Registry } from "../../src/registry/registry.ts";
import { watchForgetting } from "../../src/server/forgetting-watch.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { testPresence } from "../support/presence.ts";
import type { Network } from "./network.ts";
import { ProcessClock, type VirtualTime } from "./virtual-time.ts";

export const REALM = "simulated";
const SECRET = "a secret of the simulation that is long enough";
const COMMIT_MAX_MS = 8;

interface Process {
  readonly registry: Registry;
  readonly broker: Broker;
  readonly store: MemoryLogStore;
  readonly clock: ProcessClock;
}

export class SimulatedServer {
  readonly name: string;
  readonly #time: VirtualTime;
  readonly #network: Network;
  readonly #random: Random;
  readonly #disk = new MemoryDisk();
  readonly #wallOffsetMs: number;
  readonly troubles: unknown[] = [];
  readonly #listeners = new Set<() => void>();
  #process: Process | undefined;

  constructor(name: string, time: VirtualTime, network: Network, random: Random) {
    this.name = name;
    this.#time = time;
    this.#network = network;
    this.#random = random;
    this.#wallOffsetMs = random.between(-5_000, 5_000);
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** @throws RangeError when the server is down. */
  get registry(): Registry {
    if (!this.#process) throw new RangeError(`${this.name} is down`);
    return this.#process.registry;
  }

  /** Whether this registry is that of the process that runs now. */
  isServedBy(registry: Registry): boolean {
    return this.#process?.registry === registry;
  }

  /** Tells of every commit of whatever process runs, once it can be read. */
  onCommitted(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async start(): Promise<void> {
    const clock = new ProcessClock(this.#time, this.#wallOffsetMs);
    const origin = this.#random.hex(32);
    const store = new MemoryLogStore(this.#disk, {
      realm: REALM,
      commitDelay: () => clock.pause(this.#random.between(0, COMMIT_MAX_MS)),
    });
    // What a killed process still has under way fails at its dead store, and nobody is there to tell of it.
    const onTrouble = (error: unknown): void => {
      if (clock.alive) this.troubles.push(error);
    };
    const registry = new Registry({
      realm: REALM,
      incarnation: { server: this.name, origin },
      store,
      presence: testPresence(() => clock.wallMs()),
      nowMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      pause: (ms) => clock.pause(ms),
      newId: () => `${this.#random.hex(8)}-0000-7000-8000-${this.#random.hex(12)}`,
      onTrouble,
      onFatal: onTrouble,
    });
    await registry.open();
    const broker = this.#network.broker(this.name, channelsOf(REALM, this.name));
    const gossiper = new Gossiper({
      self: { server: this.name, incarnation: origin },
      realm: REALM,
      log: registry,
      broker,
      codec: createFrameCodec({ secrets: [SECRET], realm: REALM, incarnation: origin }),
      clock,
      onTrouble,
    });
    gossiper.onStable((stable) => {
      registry.settleStable(stable).catch(onTrouble);
    });
    registry.onCommitted(() => {
      for (const listener of this.#listeners) listener();
    });
    watchForgetting({
      self: { server: this.name, incarnation: origin },
      registry,
      logger: { warn: () => undefined },
      onForgotten: () => this.#time.after(0, () => void this.#beginAnew()),
    });
    this.#process = { registry, broker, store, clock };
    gossiper.start();
  }

  /** How often it did so, as it was forgotten while it ran. */
  begunAnew = 0;

  async #beginAnew(): Promise<void> {
    if (!(await this.crash())) return;
    await this.start();
    this.begunAnew++;
  }

  /** As SIGKILL: timers, connections and what was not committed are gone; the disk stays. False if it was down. */
  async crash(): Promise<boolean> {
    const process = this.#process;
    if (!process) return false;
    this.#process = undefined;
    process.clock.kill();
    process.store.crash();
    await process.broker.close();
    return true;
  }
}
