/** The entries that a batch appends to the log, and where each origin stands after them. */
import { ENTRY_KIND, ENTRY_VERSION, type Entry, encodeOriginBegan } from "../../crdt/entry.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";
import type { OriginRow } from "../storage/log-store.ts";

/** Who this process is. */
export interface Incarnation {
  readonly server: string;
  readonly origin: Origin;
}

export class LogTail {
  readonly #incarnation: Incarnation;
  readonly #stored: VersionVector;
  readonly #entries: Entry[] = [];
  readonly #sequences = new Map<Origin, number>();
  readonly #servers = new Map<Origin, string>();

  constructor(incarnation: Incarnation, stored: VersionVector) {
    this.#incarnation = incarnation;
    this.#stored = stored;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Those that this server made, in order. */
  get local(): readonly Entry[] {
    return this.#entries.filter(({ origin }) => origin === this.#incarnation.origin);
  }

  /** An entry of this server's own. The first of an incarnation is preceded by one that says whose it is. */
  appendOwn(content: Pick<Entry, "kind" | "documentId" | "hash" | "body">): Position {
    const { origin, server } = this.#incarnation;
    if (this.lastSequence(origin) === 0) {
      this.#servers.set(origin, server);
      const body = encodeOriginBegan(server);
      this.append(this.#own({ kind: ENTRY_KIND.originBegan, documentId: null, hash: null, body }));
    }
    const entry = this.#own(content);
    this.append(entry);
    return { origin, sequence: entry.sequence };
  }

  append(entry: Entry): void {
    this.#entries.push(entry);
    this.#sequences.set(entry.origin, entry.sequence);
  }

  /** The origin is an incarnation of this server. */
  name(origin: Origin, server: string): void {
    this.#servers.set(origin, server);
  }

  lastSequence(origin: Origin): number {
    return this.#sequences.get(origin) ?? sequenceOf(this.#stored, origin);
  }

  origins(): OriginRow[] {
    return [...this.#sequences].map(([origin, lastSequence]) => ({
      origin,
      server: this.#servers.get(origin) ?? null,
      lastSequence,
    }));
  }

  #own(content: Pick<Entry, "kind" | "documentId" | "hash" | "body">): Entry {
    const { origin } = this.#incarnation;
    return { origin, sequence: this.lastSequence(origin) + 1, version: ENTRY_VERSION, ...content };
  }
}
