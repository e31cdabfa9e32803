/** A server as far as it writes one document: registers by path, stamps as a test wants them. */
import { onTestFinished } from "vitest";
import { decodeChange, LiveDocument } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import type { Scalar, Write } from "../../crdt/document.ts";
import type { FirstChange } from "../../crdt/first-change.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { actorOf } from "./replica.ts";

export class Author {
  readonly actor: string;
  readonly #document: LiveDocument;
  readonly #held = new Map<string, DecodedChange>();

  constructor(number: number, first: FirstChange) {
    this.actor = actorOf(number);
    this.#document = LiveDocument.from(first, this.actor, []);
  }

  get held(): readonly DecodedChange[] {
    return [...this.#held.values()];
  }

  /** One change, in the name of `stamp`; of values that differ from what is there; null unsets a register. */
  write(stamp: string, values: { readonly [path: string]: Scalar | null }): DecodedChange {
    const writes = Object.entries(values).map(([path, value]) => ({ ...registerAt(path), value }));
    const { bytes, hash } = this.#document.edit({ timeMs: 0, message: `${stamp} edit key` }, writes);
    const change = decodeChange(bytes, hash);
    this.#held.set(hash, change);
    return change;
  }

  hear(other: Author): void {
    const news = other.held.filter(({ hash }) => !this.#held.has(hash));
    this.#document.apply(news.map(({ bytes }) => bytes));
    for (const change of news) this.#held.set(change.hash, change);
  }

  heads(): string[] {
    return this.#document.heads();
  }

  read(path: string): Scalar | null {
    return readAt(this.#document, path);
  }

  free(): void {
    this.#document.free();
  }
}

/** Writes players, has heard what these hold, and is freed when the test is over. */
export function newAuthor(number: number, ...heard: readonly Author[]): Author {
  const author = new Author(number, PLAYER_FIRST_CHANGE);
  onTestFinished(() => author.free());
  for (const other of heard) author.hear(other);
  return author;
}

/** Null when the register is unset. */
export function readAt(document: LiveDocument, path: string): Scalar | null {
  const { map, key } = registerAt(path);
  const { root, maps } = document.state();
  return (map === null ? root : maps[map])?.[key] ?? null;
}

function registerAt(path: string): Pick<Write, "map" | "key"> {
  const slash = path.indexOf("/");
  return slash < 0 ? { map: null, key: path } : { map: path.slice(0, slash), key: path.slice(slash + 1) };
}
