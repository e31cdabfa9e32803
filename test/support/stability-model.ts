/**
 * Servers as far as stability goes: what each holds, what it says, and of every entry what its writer held. Entries
 * come in order within an origin and otherwise as they please; statements late, twice, out of order or never.
 */
import type { Origin } from "../../crdt/position.ts";
import { mergeVectors, missingFrom, sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";
import { Stability } from "../../src/gossip/stability.ts";
import { originOf } from "./log-fixtures.ts";

interface ModelServer {
  readonly name: string;
  origin: Origin;
  held: VersionVector;
  stability: Stability;
}

interface Statement {
  readonly server: string;
  readonly incarnation: Origin;
  readonly vector: VersionVector;
}

export class StabilityModel {
  readonly servers: readonly ModelServer[];
  /** Everything that was ever said. */
  readonly said: Statement[] = [];
  /** Of each origin, what its server held when it wrote the entries, in their order. */
  readonly #known = new Map<Origin, VersionVector[]>();
  #origins = 0;

  constructor(count: number) {
    this.servers = Array.from({ length: count }, (_, index) => ({
      name: `eu-${index + 1}`,
      origin: "",
      held: new Map(),
      stability: new Stability(new Map(), count - 1),
    }));
    for (const server of this.servers) this.start(server);
  }

  /** A process begins, with the disk and the stable vector that its server had. */
  start(server: ModelServer): void {
    server.origin = originOf(++this.#origins);
    server.stability = new Stability(server.stability.vector, this.servers.length - 1);
    this.write(server);
  }

  write(server: ModelServer): void {
    const { origin, held } = server;
    const known = this.#known.get(origin) ?? [];
    this.#known.set(origin, [...known, held]);
    server.held = new Map(held).set(origin, known.length + 1);
  }

  /** The next entries of one origin get from one server to another. */
  carry(from: ModelServer, to: ModelServer, choice: number, count: number): void {
    const missing = missingFrom(to.held, from.held);
    const range = missing[choice % missing.length];
    if (range) to.held = new Map(to.held).set(range.origin, Math.min(range.to, range.from + count));
  }

  /** All that one holds gets to another. */
  carryAll(from: ModelServer, to: ModelServer): void {
    to.held = mergeVectors(to.held, from.held);
  }

  say(server: ModelServer): Statement {
    const statement = { server: server.name, incarnation: server.origin, vector: server.held };
    this.said.push(statement);
    return statement;
  }

  hear(server: ModelServer, { server: speaker, incarnation, vector }: Statement): void {
    if (speaker !== server.name) server.stability.heard(speaker, incarnation, vector);
  }

  /** What its log tells it of the others. */
  advance(server: ModelServer): boolean {
    const others = this.servers.filter(({ name }) => name !== server.name);
    const named = others.filter(({ origin }) => server.held.has(origin)).map(({ name }) => name);
    return server.stability.advance(server.held, named);
  }

  /** The writers' knowledge of all entries that the server does not hold. */
  knownToTheMissing(server: ModelServer): VersionVector[] {
    return [...this.#known].flatMap(([origin, known]) => known.slice(sequenceOf(server.held, origin)));
  }

  /** Of each origin the entries that were written by who did not hold all of this: its first ones. */
  writtenInIgnoranceOf(vector: VersionVector): VersionVector {
    const ignorant = (known: VersionVector) => missingFrom(known, vector).length > 0;
    return new Map([...this.#known].map(([origin, known]) => [origin, known.filter(ignorant).length]));
  }
}
