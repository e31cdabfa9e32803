/**
 * One seeded run: servers take what clients and operators ask while messages are lost, repeated and reordered, the
 * network is cut and servers crash; then everything heals, and the run ends when all servers agree and all claims
 * are confirmed, or after a bound.
 */

import type { Entry } from "../../crdt/entry.ts";
import { holds } from "../../crdt/version-vector.ts";
import { Random } from "../../src/lab/random.ts";
import { Registry } from "../../src/registry/registry.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { testPresence } from "../support/presence.ts";
import { ClaimWatch } from "./claim-watch.ts";
import { Journal } from "./journal.ts";
import { Network } from "./network.ts";
import { REALM, SimulatedServer } from "./server.ts";
import { VirtualTime } from "./virtual-time.ts";
import { Workload } from "./workload.ts";

export interface Outcome {
  readonly servers: readonly SimulatedServer[];
  readonly workload: Workload;
  readonly watch: ClaimWatch;
  readonly crashes: number;
  /** Claims that were shown as confirmed before everything healed. */
  readonly confirmedInChaos: number;
  /** Null when the servers did not come to agree within the bound. */
  readonly convergedAfterMs: number | null;
  /** Null when a claim stayed provisional within the bound. */
  readonly confirmedAfterMs: number | null;
}

const CHAOS_MS = 12_000;
const STEP_MS = 50;
const CONVERGENCE_MAX_MS = 60_000;

export async function runChaos(seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const time = new VirtualTime();
  const names = ["eu-1", "eu-2", "us-1", "us-2", "asia-1"].slice(0, random.between(3, 5));
  const network = new Network(time, random, names);
  const servers = names.map((name) => new SimulatedServer(name, time, network, random));
  const journal = new Journal(() => time.nowMs);
  const workload = new Workload(random, journal);
  const watch = new ClaimWatch(journal);
  let crashes = 0;
  for (const server of servers) {
    server.onCommitted(() => watch.look(server.name, server.registry));
    await server.start();
  }

  const untilMs = time.nowMs + CHAOS_MS;
  while (time.nowMs < untilMs) {
    if (random.chance(0.03)) cutSomewhere(network, names, random, journal);
    if (random.chance(0.03)) heal(network, journal);
    if (random.chance(0.02)) {
      network.faults = {
        loss: random.next() * 0.3,
        repeat: random.next() * 0.5,
        delayMaxMs: random.between(1, 400),
      };
    }
    if (random.chance(0.03)) {
      const server = random.pick(servers);
      if (await server.crash()) {
        crashes++;
        journal.note("cluster", `${server.name} crashes`);
      }
    }
    if (random.chance(0.06)) await startOneThatIsDown(servers, random, journal);
    const up = servers.filter(({ running }) => running);
    if (random.chance(0.7) && up.length > 0) workload.ask(random.pick(up));
    await time.run(STEP_MS);
  }

  heal(network, journal);
  for (const server of servers) if (!server.running) await server.start();
  const confirmedInChaos = watch.confirmed;
  const convergedAfterMs = await runUntil(() => agree(servers, workload), time);
  const isConfirmed = (): boolean => !servers.some(({ name }) => watch.showsProvisional(name));
  const confirmedAfterMs = await runUntil(isConfirmed, time);
  return { servers, workload, watch, crashes, confirmedInChaos, convergedAfterMs, confirmedAfterMs };
}

/** A server that never spoke to anyone and is given the entries of all in some order. */
export async function rebuild(from: SimulatedServer, random: Random): Promise<Registry> {
  const store = new MemoryLogStore(new MemoryDisk(), { realm: REALM });
  const registry = new Registry({
    realm: REALM,
    incarnation: { server: "rebuilt", origin: random.hex(32) },
    store,
    presence: testPresence(() => 0),
    nowMs: () => 0,
    monotonicMs: () => 0,
    pause: () => Promise.resolve(),
    newId: () => "",
    onTrouble: () => undefined,
    onFatal: () => undefined,
  });
  await registry.open();
  const queues: Entry[][] = [];
  for (const origin of from.registry.vector.keys()) {
    queues.push(
      await from.registry.entries(origin, 1, { entriesMax: 100_000, bytesMax: Number.MAX_SAFE_INTEGER }),
    );
  }
  while (queues.some((queue) => queue.length > 0)) {
    const queue = random.pick(queues.filter(({ length }) => length > 0));
    await registry.receive(queue.splice(0, random.between(1, 5)));
  }
  return registry;
}

function cutSomewhere(network: Network, names: readonly string[], random: Random, journal: Journal): void {
  const islands = new Map(names.map((name) => [name, random.between(0, 2)]));
  network.cut(islands);
  journal.note("cluster", `cut into ${[...islands].map(([name, island]) => `${name}:${island}`).join(" ")}`);
}

function heal(network: Network, journal: Journal): void {
  network.heal();
  journal.note("cluster", "heals");
}

async function startOneThatIsDown(
  servers: readonly SimulatedServer[],
  random: Random,
  journal: Journal,
): Promise<void> {
  const down = servers.filter(({ running }) => !running);
  if (down.length === 0) return;
  const server = random.pick(down);
  await server.start();
  journal.note("cluster", `${server.name} starts`);
}

/** After how long it came to be so; null when it did not within the bound. */
async function runUntil(isSo: () => boolean, time: VirtualTime): Promise<number | null> {
  const beganAtMs = time.nowMs;
  while (!isSo()) {
    if (time.nowMs - beganAtMs >= CONVERGENCE_MAX_MS) return null;
    await time.run(STEP_MS);
  }
  return time.nowMs - beganAtMs;
}

function agree(servers: readonly SimulatedServer[], { acknowledged }: Workload): boolean {
  if (servers.some(({ registry }) => registry.condition().folding)) return false;
  const digests = servers.map(({ registry }) => JSON.stringify(registry.digest()));
  const complete = servers.every(({ registry }) =>
    acknowledged.every((position) => holds(registry.vector, position)),
  );
  return complete && new Set(digests).size === 1;
}
