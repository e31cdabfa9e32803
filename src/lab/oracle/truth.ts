/** What a log comes to, by the rules alone: what servers show is held against it. */
import type { Entry } from "../../../crdt/entry.ts";
import { boardsOf, type OracleStanding } from "./boards.ts";
import { documentsOf, erasedIn, type OracleDocument } from "./documents.ts";
import { matchesIn, type OracleMatch } from "./matches.ts";
import { type ContestedAccount, contestedAccounts, namesIn, type OracleName, survivorsOf } from "./names.ts";

export interface Truth {
  readonly documents: readonly OracleDocument[];
  readonly erased: ReadonlySet<string>;
  /** The ids of players who are neither erased nor merged into others. */
  readonly players: ReadonlySet<string>;
  readonly names: readonly OracleName[];
  /** Those that two players have. */
  readonly accounts: readonly ContestedAccount[];
  readonly matches: readonly OracleMatch[];
  readonly boards: ReadonlyMap<string, readonly OracleStanding[]>;
}

export function truthOf(log: readonly Entry[]): Truth {
  const documents = documentsOf(log);
  const erased = erasedIn(log);
  const survivorOf = survivorsOf(documents, erased);
  const matches = matchesIn(documents);
  const players = documents.filter(({ id, kind }) => kind === "player" && survivorOf(id) === id);
  return {
    documents,
    erased,
    players: new Set(players.map(({ id }) => id)),
    names: namesIn(documents, survivorOf),
    accounts: contestedAccounts(documents, survivorOf),
    matches,
    boards: boardsOf(matches, survivorOf, erased),
  };
}
