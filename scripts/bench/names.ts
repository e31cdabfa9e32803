/** What it costs to decide who owns a name, among few players and among a million. */
import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { claimsOf } from "../../crdt/claim.ts";
import { NameTakenError } from "../../crdt/player-errors.ts";
import { Registry } from "../../src/registry/registry.ts";
import type { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { withStore } from "./bench-store.ts";
import { type Figure, median } from "./figure.ts";
import { batchOf, newPlayers, playerOf } from "./records.ts";

const FEW = 10;
const MANY = 1_000_000;
const BATCH = 5_000;
const WARM_UP = 300;
const ROUNDS = 1_000;

export async function measureNames(): Promise<Figure[]> {
  const few = await withStore((store) => measureOn(store, FEW));
  const many = await withStore((store) => measureOn(store, MANY));
  const both = (what: "taken" | "free"): string => `${few[what].toFixed(2)}, ${many[what].toFixed(2)} ms`;
  const ratio = (what: "taken" | "free"): string => (many[what] / few[what]).toFixed(2);
  return [
    { what: "a taken name refused, among 10 and among 1,000,000 players", measured: both("taken") },
    { what: "ratio", measured: ratio("taken"), wanted: "the same" },
    { what: "a free name given, durably, among 10 and among 1,000,000", measured: both("free") },
    { what: "ratio", measured: ratio("free"), wanted: "the same" },
  ];
}

/** Medians in milliseconds, one registration after another. */
async function measureOn(
  store: PostgresLogStore,
  players: number,
): Promise<{ readonly taken: number; readonly free: number }> {
  for (let from = 0; from < players; from += BATCH) await fill(store, from, Math.min(BATCH, players - from));
  const registry = registryOn(store);
  await registry.open();
  const register = (username: string): Promise<unknown> =>
    registry.players.register({ fields: { username } }, { by: "open" });
  const taken: number[] = [];
  const free: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const name = playerOf(Math.floor(Math.random() * players)).username ?? "";
    const refusedMs = await timed(() => refused(register(name)));
    const givenMs = await timed(() => register(`new player ${round}`));
    if (round < WARM_UP) continue;
    taken.push(refusedMs);
    free.push(givenMs);
  }
  await registry.close();
  return { taken: median(taken), free: median(free) };
}

/** Players with the claims on their names. */
async function fill(store: PostgresLogStore, from: number, count: number): Promise<void> {
  const rows = newPlayers(from, count);
  const claims = rows.players.flatMap(({ player, survivorId }) =>
    claimsOf(player, survivorId).map(({ kind, key, claim }) => ({ kind, key, claims: [claim] })),
  );
  await store.commit(batchOf({ ...rows, claims, newClaims: new Set(claims) }));
}

function registryOn(store: PostgresLogStore): Registry {
  const fail = (error: unknown): never => {
    throw error;
  };
  return new Registry({
    realm: "bench",
    incarnation: { server: "bench", origin: randomBytes(16).toString("hex") },
    store,
    presence: { leaseMs: 0, of: () => undefined, present: () => [], silentForMs: () => 0 },
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newId: uuidv7,
    onTrouble: fail,
    onFatal: fail,
  });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

async function refused(registration: Promise<unknown>): Promise<void> {
  const outcome = await registration.catch((error: unknown) => error);
  if (!(outcome instanceof NameTakenError)) throw new RangeError("a taken name was given away");
}
