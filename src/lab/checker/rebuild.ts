/** A registry that is built from a log alone, in memory: what the entries come to in whatever order they arrive. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Entry } from "../../../crdt/entry.ts";
import { REALM } from "../../cli/demo/local-cluster.ts";
import { Registry } from "../../registry/registry.ts";
import { MemoryDisk } from "../../storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../storage/memory/memory-log-store.ts";
import type { Random } from "../random.ts";
import type { FinalState } from "./final-state.ts";

/** Entries handed over at once. */
const PORTION_MAX = 20;

/** In the order of the log, in another order, and a part of it again: it always comes to what the server shows. */
export async function* rebuiltOtherwise(
  { server, log, digest }: FinalState,
  random: Random,
): AsyncIterable<string> {
  const registry = await emptyRegistry();
  await receive(registry, portions(log, random, "interleaved"));
  yield* await differs(registry, digest, `the log of ${server}, in random order`);
  await receive(registry, random.shuffle(portions(log, random, "interleaved")));
  yield* await differs(registry, digest, `the log of ${server}, delivered again in random order`);
  await registry.close();
  const inOrder = await emptyRegistry();
  await receive(inOrder, portions(log, random, "in order"));
  yield* await differs(inOrder, digest, `the log of ${server}, origin by origin`);
  await inOrder.close();
}

async function emptyRegistry(): Promise<Registry> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const registry = new Registry({
    realm: REALM,
    incarnation: { server: "rebuilt", origin: randomUUID().replaceAll("-", "") },
    store: new MemoryLogStore(new MemoryDisk(), { realm: REALM }),
    presence: { leaseMs: 30_000, of: () => undefined, present: () => [], silentForMs: () => 0 },
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    pause: (ms) => delay(ms),
    newId: () => randomUUID(),
    onTrouble: fail,
    onFatal: fail,
  });
  await registry.open();
  return registry;
}

async function receive(registry: Registry, deliveries: readonly (readonly Entry[])[]): Promise<void> {
  for (const entries of deliveries) await registry.receive(entries);
}

/** An origin's own entries stay in order: a portion that does not continue what is there is not taken. */
function portions(log: readonly Entry[], random: Random, how: "in order" | "interleaved"): Entry[][] {
  const origins = [...new Set(log.map(({ origin }) => origin))];
  const byOrigin = origins.map((origin) => log.filter((entry) => entry.origin === origin));
  const deliveries: Entry[][] = [];
  while (byOrigin.length > 0) {
    const at = how === "in order" ? 0 : random.between(0, byOrigin.length - 1);
    const entries = byOrigin[at] ?? [];
    deliveries.push(entries.splice(0, random.between(1, PORTION_MAX)));
    if (entries.length === 0) byOrigin.splice(at, 1);
  }
  return deliveries;
}

async function differs(
  registry: Registry,
  expected: FinalState["digest"],
  what: string,
): Promise<readonly string[]> {
  const { headsDigest, stateDigest } = await registry.foldedDigest();
  return [
    ...(headsDigest === expected.headsDigest ? [] : [`${what}, gives other heads than its server shows`]),
    ...(stateDigest === expected.stateDigest ? [] : [`${what}, gives another state than its server shows`]),
  ];
}
