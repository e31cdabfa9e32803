/** Who owns which name and account, said naively (CLM1, CLM4): all claims in one list, sorted, the first wins. */
import { mapOf, type OracleDocument, textOf } from "./documents.ts";

export interface OracleName {
  readonly playerId: string;
  readonly name: string;
  readonly isLost: boolean;
}

export interface ContestedAccount {
  /** `provider:subject`. */
  readonly key: string;
  readonly ownerId: string;
}

/**
 * Of each player the least of those that it was merged with, over any number of steps. Who was erased still joins
 * the others, and stands for itself.
 */
export function survivorsOf(
  documents: readonly OracleDocument[],
  erased: ReadonlySet<string>,
): (id: string) => string {
  const players = documents.filter(({ kind }) => kind === "player");
  const groupOf = new Map<string, string>();
  const merges = players.flatMap(({ id, content }) =>
    Object.keys(mapOf(content, "merges")).map((other) => [id, other] as const),
  );
  // As often as there are merges is enough for the least id to get everywhere.
  for (const _ of merges) {
    for (const [one, other] of merges) {
      const least = [groupOf.get(one) ?? one, groupOf.get(other) ?? other].sort()[0] ?? one;
      groupOf.set(one, least);
      groupOf.set(other, least);
    }
  }
  const living = [...groupOf.keys()].filter((id) => !erased.has(id)).sort();
  return (id) => {
    const group = groupOf.get(id);
    if (group === undefined || erased.has(id)) return id;
    return living.find((other) => groupOf.get(other) === group) ?? id;
  };
}

/** The names of all players who have one and were not merged into others. */
export function namesIn(
  documents: readonly OracleDocument[],
  survivorOf: (id: string) => string,
): OracleName[] {
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

/** The accounts that are linked to players who were not merged into one, sorted, each with whom it belongs to. */
export function contestedAccounts(
  documents: readonly OracleDocument[],
  survivorOf: (id: string) => string,
): ContestedAccount[] {
  const claims = documents
    .filter(({ kind }) => kind === "player")
    .flatMap(({ id, content }) =>
      Object.entries(mapOf(content, "identities")).map(([key, stamp]) => ({
        key,
        order: `${stamp} ${id}`,
        holderId: survivorOf(id),
      })),
    )
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const keys = [...new Set(claims.map(({ key }) => key))].sort();
  return keys.flatMap((key) => {
    const [first, ...others] = claims.filter((claim) => claim.key === key);
    const isContested = others.some(({ holderId }) => holderId !== first?.holderId);
    return first && isContested ? [{ key, ownerId: first.holderId }] : [];
  });
}
