/**
 * Where stored rows are not what a batch would write. What is expected travels by the very columns that commits write
 * with, so that each column of a table is compared, also one that no reader gives back.
 */
import type { Batch } from "../log-store.ts";
import type { ExpectedRows, RowDifference } from "../store-view.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { NEW_DOCUMENTS } from "./log-rows.ts";
import { CONFLICTS, MATCH_PLAYERS, MATCHES, NEW_CLAIMS, NEW_PLAYERS } from "./record-rows.ts";
import type { RowSource } from "./row-source.ts";
import { claimKindNumber } from "./rows.ts";
import type { Snapshot } from "./snapshot.ts";

interface Compared {
  readonly table: RowDifference["table"];
  readonly source: RowSource<Batch>;
  readonly key: readonly string[];
  /** Which rows of `t` may be there at all; its parameters are the first. */
  readonly scope: string;
  readonly parameters: (expected: ExpectedRows) => Buffer[];
}

const byId = (table: Compared["table"], source: Compared["source"], key: readonly [string, ...string[]]) => ({
  ...{ table, source, key, scope: `t.${key[0]} = any($1::uuid[])` },
  parameters: ({ documentIds }: ExpectedRows) => [binaryArray(COLUMN.uuid, documentIds)],
});

const TABLES: readonly Compared[] = [
  byId("document", NEW_DOCUMENTS, ["id"]),
  byId("player", NEW_PLAYERS, ["id"]),
  byId("match", MATCHES, ["id"]),
  byId("match_player", MATCH_PLAYERS, ["match_id", "player_id"]),
  {
    ...{ table: "claim", source: NEW_CLAIMS, key: ["kind", "key"] },
    scope: "(t.kind, t.key) in (select * from unnest($1::int2[], $2::text[]))",
    parameters: ({ claimKeys }) => [
      binaryArray(
        COLUMN.int2,
        claimKeys.map(({ kind }) => claimKindNumber(kind)),
      ),
      binaryArray(
        COLUMN.text,
        claimKeys.map(({ key }) => key),
      ),
    ],
  },
  {
    ...{ table: "conflict", source: CONFLICTS, key: ["id"] },
    scope: "t.scope = any($1::text[])",
    parameters: ({ conflictScopes }) => [binaryArray(COLUMN.text, conflictScopes)],
  },
];

const NOTHING: Omit<Batch, keyof ExpectedRows | "newDocuments" | "newClaims"> = {
  entries: [],
  erased: [],
  ratingMarks: [],
  ratings: null,
  requests: [],
  audits: [],
  origins: [],
  quarantined: [],
  clock: "",
  totals: { documents: 0, entries: 0, headsDigest: new Uint8Array(0), stateDigest: new Uint8Array(0) },
  stable: new Map(),
  forgotten: new Map(),
};

interface DifferenceColumns {
  readonly key: string;
  readonly missing: boolean | null;
  readonly columns: string[];
}

export async function readDifferences(snapshot: Snapshot, expected: ExpectedRows): Promise<RowDifference[]> {
  const { documentIds, claims } = expected;
  const batch = { ...NOTHING, ...expected, newDocuments: new Set(documentIds), newClaims: new Set(claims) };
  const differences: RowDifference[] = [];
  for (const compared of TABLES) {
    const { table, source, parameters } = compared;
    const rows = await snapshot.rows<DifferenceColumns>({
      text: textOf(compared),
      values: [...parameters(expected), ...source.parameters(batch)],
    });
    for (const { key, missing, columns } of rows) {
      const how = missing === null ? ("stray" as const) : missing ? ("missing" as const) : { columns };
      differences.push({ table, key, how });
    }
  }
  return differences;
}

/** A row that is there with the same key and others by it; then those that nothing is expected of. */
function textOf({ table, source: { name, columns, expression }, key, scope }: Compared): string {
  const parameter = table === "claim" ? 3 : 2;
  const on = key.map((column) => `t.${column} = w.${column}`).join(" and ");
  const all = (row: string): string => `(${columns.map((column) => `${row}.${column}`).join(", ")})`;
  const differing = columns.map(
    (column) => `case when t.${column} is distinct from w.${column} then '${column}' end`,
  );
  const keyText = (row: string): string => key.map((column) => `${row}.${column}::text`).join(" || ' ' || ");
  return `with ${expression(parameter)}
    select ${keyText("w")} as key, t.${key[0]} is null as missing, array_remove(array[${differing}], null) as columns
    from ${name} w left join rollcall_store.${table} t on ${on}
    where t.${key[0]} is null or row${all("t")} is distinct from row${all("w")}
    union all
    select ${keyText("t")}, null, '{}' from rollcall_store.${table} t
    where ${scope} and not exists (select from ${name} w where ${on})`;
}
