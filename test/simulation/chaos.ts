/**
 * One seeded run: servers take writes while messages are lost, repeated and reordered, the network is cut and
 * servers crash; then everything heals and the run ends when all servers agree, or after a bound.
 */

import type { Entry } from "../../crdt/entry.ts";
import { RollcallError } from "../../crdt/errors.ts";
import { type DocumentId, documentIdOfKey } from "../../crdt/ids.ts";
import type { Position } from "../../crdt/position.ts";
import { holds } from "../../crdt/version-vector.ts";
import { Registry } from "../../src/registry/registry.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { testPresence } from "../support/presence.ts";
import { Network } from "./network.ts";
import { Random } from "./random.ts";
import { REALM, SimulatedServer } from "./server.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface Outcome {
  readonly servers: readonly SimulatedServer[];
  /** Of every write that was acknowledged. */
  readonly acknowledged: readonly Position[];
  readonly players: ReadonlySet<DocumentId>;
  readonly crashes: number;
  /** Null when the servers did not come to agree within the bound. */
  readonly convergedAfterMs: number | null;
}

const CHAOS_MS = 12_000;
const STEP_MS = 50;
const CONVERGENCE_MAX_MS = 60_000;
/** Few people and keys, so that servers meet on the same ones. */
const PEOPLE = 12;
const REGIONS = ["eu", "us", "asia"];

export async function runChaos(seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const time = new VirtualTime();
  const network = new Network(time, random);
  const names = ["eu-1", "eu-2", "us-1", "us-2", "asia-1"].slice(0, random.between(3, 5));
  const servers = names.map((name) => new SimulatedServer(name, time, network, random));
  const acknowledged: Position[] = [];
  const players = new Set<DocumentId>();
  let crashes = 0;
  for (const server of servers) await server.start();

  const untilMs = time.nowMs + CHAOS_MS;
  while (time.nowMs < untilMs) {
    if (random.chance(0.03)) cutSomewhere(network, names, random);
    if (random.chance(0.03)) network.heal();
    if (random.chance(0.02)) {
      network.faults = {
        loss: random.next() * 0.3,
        repeat: random.next() * 0.5,
        delayMaxMs: random.between(1, 400),
      };
    }
    if (random.chance(0.03) && (await random.pick(servers).crash())) crashes++;
    if (random.chance(0.06)) await startOneThatIsDown(servers, random);
    if (random.chance(0.7)) write(servers, random, acknowledged, players);
    await time.run(STEP_MS);
  }

  network.heal();
  for (const server of servers) if (!server.running) await server.start();
  const healedAtMs = time.nowMs;
  while (!agree(servers, acknowledged) && time.nowMs - healedAtMs < CONVERGENCE_MAX_MS)
    await time.run(STEP_MS);
  const convergedAfterMs = agree(servers, acknowledged) ? time.nowMs - healedAtMs : null;
  return { servers, acknowledged, players, crashes, convergedAfterMs };
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

function write(
  servers: readonly SimulatedServer[],
  random: Random,
  acknowledged: Position[],
  players: Set<DocumentId>,
): void {
  const up = servers.filter(({ running }) => running);
  if (up.length === 0) return;
  const { registry } = random.pick(up);
  const known = [...players];
  const fields = {
    displayName: random.chance(0.5) ? `name ${random.between(1, 9)}` : undefined,
    region: random.chance(0.5) ? random.pick(REGIONS) : undefined,
    metadata: { [`key-${random.between(1, 3)}`]: random.chance(0.2) ? null : random.between(0, 99) },
  };
  const written = random.chance(0.5)
    ? registry.players.register({ fields, ...whoRegisters(random) }, { by: "open" })
    : registry.players.edit(known.length > 0 ? random.pick(known) : nobody(), fields, { by: "open" });
  written.then(
    ({ position, player }) => {
      if (position.sequence > 0) acknowledged.push(position);
      players.add(player.id);
    },
    (error: unknown) => {
      if (!(error instanceof RollcallError)) throw error; // refused: unknown here yet, or the server died
    },
  );
}

function whoRegisters(random: Random): {
  identity?: { provider: string; subject: string };
  idempotencyKey?: string;
} {
  const person = String(random.between(1, PEOPLE));
  if (random.chance(0.5)) return { identity: { provider: "steam", subject: person } };
  return random.chance(0.5) ? { idempotencyKey: person } : {};
}

function nobody(): DocumentId {
  return documentIdOfKey(REALM, "player", "nobody");
}

function cutSomewhere(network: Network, names: readonly string[], random: Random): void {
  network.cut(new Map(names.map((name) => [name, random.between(0, 2)])));
}

async function startOneThatIsDown(servers: readonly SimulatedServer[], random: Random): Promise<void> {
  const down = servers.filter(({ running }) => !running);
  if (down.length > 0) await random.pick(down).start();
}

function agree(servers: readonly SimulatedServer[], acknowledged: readonly Position[]): boolean {
  const digests = servers.map(({ registry }) => JSON.stringify(registry.digest()));
  const complete = servers.every(({ registry }) =>
    acknowledged.every((position) => holds(registry.vector, position)),
  );
  return complete && new Set(digests).size === 1;
}
