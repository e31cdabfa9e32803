/** Who owns which name, said naively (CLM1, CLM4): all claims in one list, sorted, the first of each name wins. */
import { mapOf, type OracleDocument, textOf } from "./documents.ts";

export interface OracleName {
  readonly playerId: string;
  readonly name: string;
  readonly isLost: boolean;
}

/** Of each player the least of those that it was merged with, over any number of steps. */
export function survivorsOf(documents: readonly OracleDocument[]): (id: string) => string {
  const players = documents.filter(({ kind }) => kind === "player");
  const leastOf = new Map(players.map(({ id }) => [id, id]));
  const merges = players.flatMap(({ id, content }) =>
    Object.keys(mapOf(content, "merges")).map((other) => [id, other] as const),
  );
  // As often as there are merges is enough for the least id to get everywhere.
  for (const _ of merges) {
    for (const [one, other] of merges) {
      const least = [leastOf.get(one) ?? one, leastOf.get(other) ?? other].sort()[0] ?? one;
      leastOf.set(one, least);
      leastOf.set(other, least);
    }
  }
  return (id) => leastOf.get(id) ?? id;
}

/** The names of all players who have one and were not merged into others. */
export function namesIn(documents: readonly OracleDocument[]): OracleName[] {
  const survivorOf = survivorsOf(documents);
  const claims = documents
    .filter(({ id, kind }) => kind === "player" && survivorOf(id) === id)
    .flatMap(({ id, content }) => {
      const [, stamp = "", name = ""] =
        /^([0-9a-f]{16}) (.+)$/s.exec(textOf(content, "username") ?? "") ?? [];
      return name === "" ? [] : [{ playerId: id, name, order: `${stamp} ${id}` }];
    })
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const taken = new Set<string>();
  return claims.map(({ playerId, name }) => {
    const key = name.normalize("NFKC").toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
    const isLost = taken.has(key);
    taken.add(key);
    return { playerId, name, isLost };
  });
}
