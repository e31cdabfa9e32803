/** Random histories of one player, whom several servers register, change and tell each other of. */
import fc from "fast-check";
import type { DecodedChange } from "../../crdt/change.ts";
import type { ChangeReason } from "../../crdt/change-note.ts";
import type { Write } from "../../crdt/document.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { Player } from "../../crdt/player.ts";
import {
  banWrites,
  liftBanWrites,
  linkIdentityWrites,
  mergeWrites,
  type PlayerPatch,
  type Registration,
  unlinkIdentityWrites,
} from "../../crdt/player-intents.ts";
import { identities, patches, registrations } from "./player-arbitraries.ts";
import { Replica } from "./replica.ts";

const LESSER_PLAYER_ID = "00000000-0000-8000-8000-000000000000";

export interface History {
  readonly replicas: readonly Replica[];
  /** Of all replicas. */
  readonly changes: readonly DecodedChange[];
}

type Step =
  | { readonly type: "register"; readonly at: number; readonly wallMs: number; readonly given: Registration }
  | { readonly type: "edit"; readonly at: number; readonly wallMs: number; readonly given: PlayerPatch }
  | { readonly type: "intent"; readonly at: number; readonly wallMs: number; readonly given: Intent }
  /** Everything that one holds reaches another; where there is none of these, there is a partition. */
  | { readonly type: "deliver"; readonly at: number; readonly to: number }
  /** One change alone, perhaps long before its parents. */
  | { readonly type: "stray"; readonly at: number; readonly to: number; readonly which: number };

const REPLICAS_MAX = 4;
const at = fc.nat(REPLICAS_MAX - 1);
/** Wall clocks that stand, run apart and go back. */
const wallMs = fc.nat(1_000);

/** Something else that is done to a player who is there. */
interface Intent {
  readonly reason: ChangeReason;
  readonly decide: (player: Player, stamp: Stamp) => Write[];
}

/** Few bans, so that some are lifted. */
const banId = fc.constantFrom("ban-1", "ban-2");
const untilMs = fc.option(fc.nat(2_000), { nil: null });

const intents: fc.Arbitrary<Intent> = fc.oneof(
  identities.map((identity) => ({
    reason: "link" as const,
    decide: (player: Player, stamp: Stamp) => linkIdentityWrites(player, identity, stamp),
  })),
  identities.map((identity) => ({
    reason: "unlink" as const,
    decide: (player: Player) => unlinkIdentityWrites(player, identity),
  })),
  fc.tuple(banId, untilMs).map(([id, until]) => ({
    reason: "ban" as const,
    decide: (player: Player, stamp: Stamp) =>
      banWrites(player, { id, reason: "in a test", by: "ops", untilMs: until }, stamp),
  })),
  banId.map((id) => ({
    reason: "unban" as const,
    decide: (player: Player, stamp: Stamp) =>
      player.bans.some((ban) => ban.id === id) ? liftBanWrites(player, id, stamp) : [],
  })),
  fc.constant({
    reason: "merge" as const,
    decide: (player: Player, stamp: Stamp) => mergeWrites(player, LESSER_PLAYER_ID, stamp),
  }),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("register" as const), at, wallMs, given: registrations }),
  fc.record({ type: fc.constant("edit" as const), at, wallMs, given: patches }),
  fc.record({ type: fc.constant("intent" as const), at, wallMs, given: intents }),
  fc.record({ type: fc.constant("deliver" as const), at, to: at }),
  fc.record({ type: fc.constant("stray" as const), at, to: at, which: fc.nat(20) }),
);

/** Steps of 2 to 4 servers, to be played as often as needed. The first always registers somebody. */
export function histories(stepsMax: number): fc.Arbitrary<() => History> {
  return fc
    .tuple(fc.integer({ min: 2, max: REPLICAS_MAX }), registrations, fc.array(steps, { maxLength: stepsMax }))
    .map(
      ([count, given, more]) =>
        () =>
          play(count, [{ type: "register", at: 0, wallMs: 0, given }, ...more]),
    );
}

function play(count: number, played: readonly Step[]): History {
  const replicas = Array.from({ length: count }, (_, index) => new Replica(index + 1));
  const one = (index: number): Replica => replicas[index % count] as Replica;
  for (const step of played) {
    const replica = one(step.at);
    switch (step.type) {
      case "register":
        replica.register(step.given, step.wallMs);
        break;
      case "edit":
        replica.edit(step.given, step.wallMs);
        break;
      case "intent":
        replica.change(step.given.reason, step.wallMs, step.given.decide);
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
  return { replicas, changes: [...changes.values()] };
}
