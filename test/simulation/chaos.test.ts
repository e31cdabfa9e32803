/**
 * Seeded clusters through chaos to agreement. Play one again: `SEED=17 npx vitest run --project simulation`.
 */
import { afterAll, expect, test } from "vitest";
import { Random } from "../../src/lab/random.ts";
import { type Shown, shownBy } from "./agreement.ts";
import { type Outcome, rebuild, runChaos } from "./chaos.ts";

const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: 200 }, (_, index) => index + 1);

/** What came up in all seeds together. */
const seen = new Map<string, number>();

/** A workload that does not get there shows nothing. About a third of what it comes to. */
const EXPECTED_A_SEED = {
  writes: 30,
  crashes: 2,
  "confirmed in chaos": 1.5,
  lost: 0.5,
  erased: 0.8,
  merged: 0.4,
  banned: 0.5,
  rated: 0.5,
  "refused: name-taken": 5,
  "refused: identity-taken": 0.8,
  "refused: match-full": 0.3,
  "refused: player-banned": 0.8,
  "refused: player-erased": 1.4,
  "refused: player-not-found": 4,
  "conflict: field": 0.4,
  "conflict: username": 0.1,
  "conflict: identity": 0.06,
  "conflict: seat": 0.02,
  "conflict: result": 0.03,
  "match: cancelled, pending": 0.3,
  "match: finished, settled": 0.7,
  "match: finished, disputed": 0.01,
};

test.each(SEEDS)(
  "[REP1] [CLM1] [CLM2] seed %i keeps every acknowledged write and every confirmed name, and converges to one state",
  async (seed) => {
    const outcome = await runChaos(seed);
    const replay = `replay: SEED=${seed} npx vitest run --project simulation`;
    expect(outcome.workload.faults, `failed, and was no refusal; ${replay}`).toEqual([]);
    expectNamesKept(outcome, replay);
    const shown = await expectAgreement(outcome, replay);
    const [first] = outcome.servers;
    if (!first) throw new RangeError("a cluster has servers");
    const rebuilt = await rebuild(first, new Random(seed));
    expect(await rebuilt.foldedDigest(), `a rebuild from the log differs; ${replay}`).toEqual(
      first.registry.digest(),
    );
    count(outcome, shown);
  },
);

afterAll(() => {
  if (SEEDS.length === 1) return;
  for (const [what, timesASeed] of Object.entries(EXPECTED_A_SEED)) {
    expect(seen.get(what) ?? 0, `the workload must come to: ${what}`).toBeGreaterThan(
      timesASeed * SEEDS.length,
    );
  }
});

function expectNamesKept({ watch }: Outcome, replay: string): void {
  expect(watch.faults, `names could not be looked at; ${replay}`).toEqual([]);
  const [story] = watch.broken;
  expect(watch.broken.length, `a confirmed name was lost; ${replay}\n${story}`).toBe(0);
}

async function expectAgreement(outcome: Outcome, replay: string): Promise<Shown> {
  const { servers, workload, convergedAfterMs, confirmedAfterMs } = outcome;
  expect(convergedAfterMs, `the servers did not agree; ${replay}`).not.toBeNull();
  expect(confirmedAfterMs, `a claim stayed provisional; ${replay}`).not.toBeNull();
  const [expected, ...others] = await Promise.all(servers.map(({ registry }) => shownBy(registry, workload)));
  if (!expected) throw new RangeError("a cluster has servers");
  for (const other of others) expect(other, `servers show different things; ${replay}`).toEqual(expected);
  for (const { troubles } of servers) expect(troubles, replay).toEqual([]);
  for (const [id, player] of Object.entries(expected.players)) {
    const refusal = "refused" in player ? player.refused : undefined;
    expect(refusal, `${id} was acknowledged; ${replay}`).not.toBe("player-not-found");
    if (workload.erased.has(id)) expect(refusal, `${id} was erased; ${replay}`).toBe("player-erased");
  }
  return expected;
}

function count({ workload, watch, crashes, confirmedInChaos }: Outcome, shown: Shown): void {
  const add = (what: string, times = 1): void => void seen.set(what, (seen.get(what) ?? 0) + times);
  add("writes", workload.acknowledged.length);
  add("crashes", crashes);
  add("confirmed in chaos", confirmedInChaos);
  add("lost", watch.lost.size);
  add("erased", workload.erased.size);
  for (const code of workload.refused) add(`refused: ${code}`);
  for (const { kind } of shown.conflicts) add(`conflict: ${kind}`);
  for (const [id, player] of Object.entries(shown.players)) {
    if ("player" in player && player.player.id !== id) add("merged");
    if ("player" in player && player.status === "banned") add("banned");
  }
  for (const answer of Object.values(shown.matches)) {
    if ("match" in answer) add(`match: ${answer.match.state}, ${answer.match.result.status}`);
  }
  for (const board of Object.values(shown.leaderboards)) if (Array.isArray(board)) add("rated", board.length);
}
