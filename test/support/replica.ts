/** Servers reduced to what concerns one player: who writes what, and who has heard of which change. */
import { decodeChange } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import { type ChangeReason, formatChangeNote, parseChangeNote } from "../../crdt/change-note.ts";
import type { Write } from "../../crdt/document.ts";
import { laterStamp, nextStamp, STAMP_ZERO, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { canonicalPlayer, PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../crdt/player.ts";
import {
  editWrites,
  fillWrites,
  type PlayerPatch,
  type Registration,
  registrationWrites,
} from "../../crdt/player-intents.ts";
import { WorkingDocument } from "../../src/registry/working-document.ts";

export const PLAYER_ID = "00000000-0000-8000-8000-000000000001";

/** What of a document all servers must agree on. */
export interface Outcome {
  readonly heads: readonly string[];
  /** Undefined while there is no player. */
  readonly player: string | undefined;
}

export class Replica {
  readonly #playerId: DocumentId;
  readonly #name: string;
  readonly #document: WorkingDocument;
  readonly #held = new Map<string, DecodedChange>();
  #clock: Stamp = STAMP_ZERO;

  /** Its actor is the number repeated, its name follows from it. */
  constructor(number: number, playerId: DocumentId = PLAYER_ID) {
    this.#playerId = playerId;
    this.#name = `server-${number}`;
    this.#document = new WorkingDocument(playerId, PLAYER_FIRST_CHANGE, actorOf(number));
  }

  get held(): readonly DecodedChange[] {
    return [...this.#held.values()];
  }

  player(): Player | undefined {
    const state = this.#document.state();
    return state && projectPlayer(this.#playerId, state);
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

  edit(patch: PlayerPatch, wallMs: number): void {
    this.change("edit", wallMs, (player, stamp) => editWrites(player, patch, stamp));
  }

  /** Of nobody, nothing is changed. */
  change(reason: ChangeReason, wallMs: number, decide: (player: Player, stamp: Stamp) => Write[]): void {
    const player = this.player();
    if (player) this.#write(reason, wallMs, (stamp) => decide(player, stamp));
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

  #write(reason: ChangeReason, wallMs: number, decide: (stamp: Stamp) => Write[]): void {
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
