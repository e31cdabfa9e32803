/**
 * Asks servers for things and keeps what came of it.
 *
 * What the registry refuses for a reason of the caller's is an outcome like any other, and what a process that was
 * killed meanwhile made of it is nobody's concern. Everything else is a fault.
 */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Position } from "../../crdt/position.ts";
import { toAnswerable } from "../../src/http/problems.ts";
import type { Random } from "../../src/lab/random.ts";
import { type Done, INTENTS } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { SimulatedServer } from "./server.ts";

export class Workload {
  /** Of every write that was acknowledged. */
  readonly acknowledged: Position[] = [];
  readonly players = new Set<DocumentId>();
  readonly matches = new Set<DocumentId>();
  /** Whose erasure was acknowledged. */
  readonly erased = new Set<DocumentId>();
  /** The codes of all refusals. */
  readonly refused: string[] = [];
  readonly faults: unknown[] = [];
  readonly #random: Random;
  readonly #journal: Journal;

  constructor(random: Random, journal: Journal) {
    this.#random = random;
    this.#journal = journal;
  }

  /** Asks a running server; the answer comes as time goes on. */
  ask(server: SimulatedServer): void {
    const { registry } = server;
    const { name, act } = this.#random.weighted(INTENTS);
    act(registry, this.#random, this).then(
      (done) => {
        if (!done) return;
        this.#acknowledge(done);
        this.#journal.note(server.name, `${name} ${done.text}`);
      },
      (error: unknown) => {
        const code = refusalOf(error);
        if (code !== undefined) this.refused.push(code);
        else if (server.isServedBy(registry)) this.faults.push(error);
      },
    );
  }

  #acknowledge({ position, playerId, matchId, erasedId }: Done): void {
    this.acknowledged.push(position);
    if (playerId !== undefined) this.players.add(playerId);
    if (matchId !== undefined) this.matches.add(matchId);
    if (erasedId !== undefined) this.erased.add(erasedId);
  }
}

/** The code of an error that tells the caller what it cannot have; undefined for all that is no fault of the caller. */
function refusalOf(error: unknown): string | undefined {
  const { status, code } = toAnswerable(error).problem;
  return status < 500 ? code : undefined;
}
