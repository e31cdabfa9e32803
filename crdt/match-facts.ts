/**
 * What happened to a match, and its state (MAT1).
 *
 * Facts are only ever added, under a key of their own: `<fact>/<stamp>` -> true. Of several of one kind the
 * earliest counts. The state is the strongest of what happened, so no side of a split can undo what the other did.
 */
import type { Registers, Write } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { readStamp } from "./storable-register.ts";

export type MatchState = "open" | "running" | "finished" | "cancelled" | "expired";

export type MatchFact = "started" | "finished" | "cancelled" | "expired";

/** Of each kind of fact when it happened first; null while it did not. */
export type MatchFacts = { readonly [fact in MatchFact]: Stamp | null };

export function factWrite(fact: MatchFact, stamp: Stamp): Write {
  return { map: "facts", key: `${fact}/${stamp}`, value: true };
}

/** Reads the map `facts`; what this version does not understand did not happen. */
export function readFacts(registers: Readonly<Registers>): MatchFacts {
  return {
    started: earliest("started", registers),
    finished: earliest("finished", registers),
    cancelled: earliest("cancelled", registers),
    expired: earliest("expired", registers),
  };
}

/** MAT1: finished over cancelled over expired over running over open. */
export function stateOfFacts({ started, finished, cancelled, expired }: MatchFacts): MatchState {
  if (finished !== null) return "finished";
  if (cancelled !== null) return "cancelled";
  if (expired !== null) return "expired";
  return started === null ? "open" : "running";
}

function earliest(fact: MatchFact, registers: Readonly<Registers>): Stamp | null {
  const prefix = `${fact}/`;
  const stamps = Object.keys(registers)
    .filter((key) => key.startsWith(prefix) && registers[key] === true)
    .map((key) => readStamp(key.slice(prefix.length)))
    .filter((stamp) => stamp !== null);
  return stamps.sort()[0] ?? null;
}
