/**
 * The last events of this server, once for all who listen: each stream has a place in it, and nothing waits anywhere
 * else. A ring: what is too old makes room, and `floor` says up to where events may be missing.
 */
import type { Conflict } from "../../../crdt/conflict.ts";
import type { Origin } from "../../../crdt/position.ts";
import { mergeVectors, type VersionVector } from "../../../crdt/version-vector.ts";
import type { CommittedChange } from "../../registry/committed-changes.ts";
import type { MemberEvent } from "../contract/event.ts";

export type JournalEvent =
  | { readonly type: "change"; readonly change: CommittedChange }
  /** With what this server held when it came to be: whoever was told of all that knows it. */
  | { readonly type: "conflict"; readonly conflict: Conflict; readonly held: VersionVector }
  | { readonly type: "member"; readonly member: MemberEvent }
  /** Up to here something was committed of which it is not known what it changed. */
  | { readonly type: "reset"; readonly held: VersionVector };

export class EventJournal {
  readonly #capacity: number;
  readonly #ring: JournalEvent[] = [];
  #next = 0;
  #floor: Map<Origin, number>;

  /** @param floor What was committed before the first event. */
  constructor(capacity: number, floor: VersionVector) {
    this.#capacity = capacity;
    this.#floor = new Map(floor);
  }

  /** The place of the oldest event that is here. */
  get first(): number {
    return Math.max(0, this.#next - this.#capacity);
  }

  /** The place of the next event that will come. */
  get next(): number {
    return this.#next;
  }

  /** Events of entries up to here may be gone. */
  get floor(): VersionVector {
    return this.#floor;
  }

  at(place: number): JournalEvent | undefined {
    return place >= this.first && place < this.#next ? this.#ring[place % this.#capacity] : undefined;
  }

  append(event: JournalEvent): void {
    const slot = this.#next % this.#capacity;
    const gone = this.#ring[slot];
    if (gone?.type === "change") this.#floor.set(gone.change.position.origin, gone.change.position.sequence);
    if (gone?.type === "conflict" || gone?.type === "reset") this.#raise(gone.held);
    this.#ring[slot] = event;
    this.#next++;
  }

  /** What is held was not told of, entry by entry: whoever lacks any of it cannot go on from here. */
  leap(held: VersionVector): void {
    this.#raise(held);
    this.append({ type: "reset", held });
  }

  #raise(held: VersionVector): void {
    this.#floor = new Map(mergeVectors(this.#floor, held));
  }
}
