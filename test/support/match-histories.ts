/** Random histories of one match, which several servers create, fill, play and tell each other of. */
import fc from "fast-check";
import type { DecodedChange } from "../../crdt/change.ts";
import { RollcallError } from "../../crdt/errors.ts";
import type { Match } from "../../crdt/match.ts";
import type { MatchCreation } from "../../crdt/match-intents.ts";
import {
  creations,
  ends,
  type Intent,
  joins,
  leaves,
  reports,
  settlements,
  starts,
} from "./match-arbitraries.ts";
import { MatchReplica } from "./match-replica.ts";

export interface MatchHistory {
  readonly replicas: readonly MatchReplica[];
  /** Of all replicas. */
  readonly changes: readonly DecodedChange[];
  /** What the servers went through that was not refused, in order. */
  readonly deeds: readonly Deed[];
}

/** An intent at one server. */
export interface Deed {
  readonly intent: Intent;
  readonly before: Match;
  readonly after: Match;
}

type Step =
  | { readonly type: "create"; readonly at: number; readonly wallMs: number; readonly given: MatchCreation }
  | { readonly type: "intent"; readonly at: number; readonly wallMs: number; readonly given: Intent }
  /** Everything that one holds reaches another; where there is none of these, there is a partition. */
  | { readonly type: "deliver"; readonly at: number; readonly to: number }
  /** One change alone, perhaps long before its parents. */
  | { readonly type: "stray"; readonly at: number; readonly to: number; readonly which: number };

const REPLICAS_MAX = 4;
const REFUSALS: ReadonlySet<string> = new Set([
  "match-not-open",
  "match-full",
  "too-many-entries",
  "match-empty",
  "match-not-running",
  "match-over",
  "not-seated",
  "ranks-not-of-seated",
  "result-settled",
]);

const at = fc.nat(REPLICAS_MAX - 1);
/** Wall clocks that stand, run apart and go back. */
const wallMs = fc.nat(1_000);

const creating = fc.record({ type: fc.constant("create" as const), at, wallMs, given: creations });
const delivering = fc.record({ type: fc.constant("deliver" as const), at, to: at });
const straying = fc.record({ type: fc.constant("stray" as const), at, to: at, which: fc.nat(20) });

/** A phase in the life of a match: what mostly happens in it, and now and then anything else. */
function phase(usual: fc.Arbitrary<Intent>, stepsMax: number): fc.Arbitrary<Step[]> {
  const anything = fc.oneof(joins, leaves, starts, reports, settlements, ends);
  const intents = fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: anything, weight: 1 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      arbitrary: fc.record({ type: fc.constant("intent" as const), at, wallMs, given: intents }),
      weight: 12,
    },
    { arbitrary: delivering, weight: 5 },
    { arbitrary: straying, weight: 1 },
    { arbitrary: creating, weight: 1 },
  );
  return fc.array(step, { minLength: stepsMax / 2, maxLength: stepsMax });
}

const filling = phase(fc.oneof({ arbitrary: joins, weight: 4 }, leaves), 12);
const starting = phase(starts, 4);
const playing = phase(fc.oneof({ arbitrary: reports, weight: 14 }, settlements), 16);

/**
 * Of 2 to 4 servers, to be played as often as needed. The first creates the match, and most hear of it before
 * they do anything.
 */
export const matchHistories: fc.Arbitrary<() => MatchHistory> = fc
  .tuple(
    fc.integer({ min: 2, max: REPLICAS_MAX }),
    creating.map((step): Step[] => [{ ...step, at: 0 }]),
    fc
      .subarray([1, 2, 3], { minLength: 1 })
      .map((told): Step[] => told.map((to) => ({ type: "deliver", at: 0, to }))),
    filling,
    starting,
    playing,
  )
  .map(
    ([count, ...phases]) =>
      () =>
        play(count, phases.flat()),
  );

function play(count: number, played: readonly Step[]): MatchHistory {
  const replicas = Array.from({ length: count }, (_, index) => new MatchReplica(index + 1));
  const one = (index: number): MatchReplica => replicas[index % count] as MatchReplica;
  const deeds: Deed[] = [];
  for (const step of played) {
    const replica = one(step.at);
    switch (step.type) {
      case "create":
        replica.create(step.given, step.wallMs);
        break;
      case "intent":
        deeds.push(...deedOf(replica, step.given, step.wallMs));
        break;
      case "deliver":
        one(step.to).receive(replica.held);
        break;
      case "stray": {
        const change = replica.held[step.which % Math.max(1, replica.held.length)];
        if (change) one(step.to).receive([change]);
      }
    }
  }
  const changes = new Map(
    replicas.flatMap(({ held }) => held.map((change) => [change.hash, change] as const)),
  );
  return { replicas, changes: [...changes.values()], deeds };
}

/** None when there is no match, or when it is refused. */
function deedOf(replica: MatchReplica, intent: Intent, wallMs: number): Deed[] {
  const before = replica.match();
  try {
    replica.change(intent.reason, wallMs, intent.decide);
  } catch (error) {
    if (error instanceof RollcallError && REFUSALS.has(error.code)) return [];
    throw error;
  }
  const after = replica.match();
  return before && after ? [{ intent, before, after }] : [];
}
