/** Servers reduced to what concerns one player: who writes what, and who has heard of which change. */
import fc from "fast-check";
import { decodeChange } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import { formatChangeNote, parseChangeNote } from "../../crdt/change-note.ts";
import type { Write } from "../../crdt/document.ts";
import { laterStamp, nextStamp, STAMP_ZERO, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import { canonicalPlayer, PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../crdt/player.ts";
import {
  editWrites,
  fillWrites,
  type PlayerPatch,
  type Registration,
  registrationWrites,
} from "../../crdt/player-intents.ts";
import { WorkingDocument } from "../../src/registry/working-document.ts";
import { patches, registrations } from "./player-arbitraries.ts";

export const PLAYER_ID = "00000000-0000-8000-8000-000000000001";

/** What of a document all servers must agree on. */
export interface Outcome {
  readonly heads: readonly string[];
  /** Undefined while there is no player. */
  readonly player: string | undefined;
}

export class Replica {
  readonly #name: string;
  readonly #document: WorkingDocument;
  readonly #held = new Map<string, DecodedChange>();
  #clock: Stamp = STAMP_ZERO;

  /** Its actor is the number repeated, its name follows from it. */
  constructor(number: number) {
    this.#name = `server-${number}`;
    this.#document = new WorkingDocument(PLAYER_ID, PLAYER_FIRST_CHANGE, actorOf(number));
  }

  get held(): readonly DecodedChange[] {
    return [...this.#held.values()];
  }

  player(): Player | undefined {
    const state = this.#document.state();
    return state && projectPlayer(PLAYER_ID, state);
  }

  outcome(): Outcome {
    const player = this.player();
    return { heads: this.#document.heads(), player: player && canonicalPlayer(player) };
  }

  register(registration: Registration, wallMs: number): void {
    const player = this.player();
    this.#write("register", wallMs, (stamp) =>
      player
        ? fillWrites(player, registration, stamp)
        : registrationWrites(registration, { stamp, homeServer: this.#name }),
    );
  }

  /** Of nobody, nothing is edited. */
  edit(patch: PlayerPatch, wallMs: number): void {
    const player = this.player();
    if (player) this.#write("edit", wallMs, (stamp) => editWrites(player, patch, stamp));
  }

  receive(changes: readonly DecodedChange[]): void {
    for (const change of changes) {
      this.#document.receive(change);
      this.#held.set(change.hash, change);
      this.#clock = laterStamp(this.#clock, parseChangeNote(change.message).stamp);
    }
  }

  free(): void {
    this.#document.abandon();
  }

  #write(reason: "register" | "edit", wallMs: number, decide: (stamp: Stamp) => Write[]): void {
    const stamp = nextStamp(this.#clock, wallMs);
    const writes = decide(stamp);
    if (writes.length === 0) return;
    this.#clock = stamp;
    const message = formatChangeNote({ stamp, reason });
    const { bytes, hash } = this.#document.edit({ timeMs: stampMs(stamp), message }, writes);
    this.#held.set(hash, decodeChange(bytes, hash));
  }
}

/** 32 hexadecimal digits. */
export function actorOf(number: number): string {
  return number.toString(16).padStart(2, "0").repeat(16);
}

/** What a server that made none of these changes comes to when it hears them in this order. */
export function outcomeOf(changes: readonly DecodedChange[]): Outcome {
  const replica = new Replica(0xee);
  replica.receive(changes);
  const outcome = replica.outcome();
  replica.free();
  return outcome;
}

export interface History {
  readonly replicas: readonly Replica[];
  /** Of all replicas. */
  readonly changes: readonly DecodedChange[];
}

type Step =
  | { readonly type: "register"; readonly at: number; readonly wallMs: number; readonly given: Registration }
  | { readonly type: "edit"; readonly at: number; readonly wallMs: number; readonly given: PlayerPatch }
  /** Everything that one holds reaches another; where there is none of these, there is a partition. */
  | { readonly type: "deliver"; readonly at: number; readonly to: number }
  /** One change alone, perhaps long before its parents. */
  | { readonly type: "stray"; readonly at: number; readonly to: number; readonly which: number };

const REPLICAS_MAX = 4;
const at = fc.nat(REPLICAS_MAX - 1);
/** Wall clocks that stand, run apart and go back. */
const wallMs = fc.nat(1_000);

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("register" as const), at, wallMs, given: registrations }),
  fc.record({ type: fc.constant("edit" as const), at, wallMs, given: patches }),
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
