/** Servers reduced to what concerns one match: who writes what, and who has heard of which change. */
import { decodeChange } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import { type ChangeReason, formatChangeNote, parseChangeNote } from "../../crdt/change-note.ts";
import type { DocumentState, Write } from "../../crdt/document.ts";
import { stateOfWrites } from "../../crdt/first-change.ts";
import { laterStamp, nextStamp, STAMP_ZERO, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { canonicalMatch, MATCH_FIRST_CHANGE, type Match, projectMatch } from "../../crdt/match.ts";
import { type MatchCreation, matchCreationWrites, matchFillWrites } from "../../crdt/match-intents.ts";
import { WorkingDocument } from "../../src/registry/working-document.ts";
import { actorOf } from "./replica.ts";

export const MATCH_ID = "00000000-0000-8000-8000-00000000000a";

/** What of a document all servers must agree on. */
export interface MatchOutcome {
  readonly heads: readonly string[];
  /** Undefined while there is no match. */
  readonly match: string | undefined;
}

export class MatchReplica {
  readonly #name: string;
  readonly #document: WorkingDocument;
  readonly #held = new Map<string, DecodedChange>();
  #clock: Stamp = STAMP_ZERO;

  /** Its actor is the number repeated, its name follows from it. */
  constructor(number: number) {
    this.#name = `server-${number}`;
    this.#document = new WorkingDocument(MATCH_ID, MATCH_FIRST_CHANGE, actorOf(number));
  }

  get held(): readonly DecodedChange[] {
    return [...this.#held.values()];
  }

  state(): DocumentState | undefined {
    return this.#document.state();
  }

  match(): Match | undefined {
    const state = this.state();
    return state && projectMatch(MATCH_ID, state);
  }

  outcome(): MatchOutcome {
    const match = this.match();
    return { heads: this.#document.heads(), match: match && canonicalMatch(match) };
  }

  create(creation: MatchCreation, wallMs: number): void {
    const match = this.match();
    this.#write("create", wallMs, (stamp) => {
      const circumstances = { stamp, wallMs, homeServer: this.#name };
      return match
        ? matchFillWrites(match, creation, circumstances)
        : matchCreationWrites(creation, circumstances);
    });
  }

  /** Of no match, nothing is changed. @throws whatever refuses it. */
  change(reason: ChangeReason, wallMs: number, decide: (match: Match, stamp: Stamp) => Write[]): void {
    const match = this.match();
    if (match) this.#write(reason, wallMs, (stamp) => decide(match, stamp));
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

/** Ids in the order of their numbers, from 0 to 9. */
export function playerIdOf(number: number): DocumentId {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** The match that one server makes of these writes, in this order. */
export function matchOf(...writes: readonly Write[]): Match {
  return projectMatch(MATCH_ID, stateOfWrites(MATCH_FIRST_CHANGE, actorOf(1), writes));
}

/** What a server that made none of these changes comes to when it hears them in this order. */
export function matchOutcomeOf(changes: readonly DecodedChange[]): MatchOutcome {
  const replica = new MatchReplica(0xee);
  replica.receive(changes);
  const outcome = replica.outcome();
  replica.free();
  return outcome;
}
