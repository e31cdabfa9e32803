/** Where the server stands, as its database says. */
import { STAMP_ZERO } from "../../../crdt/hybrid-clock.ts";
import { emptyDigest } from "../../../crdt/set-digest.ts";
import { DatabaseUnavailableError, WrongRealmError } from "../errors.ts";
import type { StoredState } from "../log-store.ts";
import { toOrigin } from "./rows.ts";
import type { WriterSession } from "./writer-session.ts";

export interface ServerColumns {
  readonly realm: string;
  readonly clock: string;
  readonly documents: string;
  readonly entries: string;
  readonly heads_digest: Buffer;
  readonly state_digest: Buffer;
}

export interface OriginColumns {
  readonly id: string;
  readonly server: string | null;
  readonly last_sequence: string;
  readonly stable_sequence: string;
  readonly forgotten_as: string | null;
}

/** An empty database becomes one of the realm. @throws WrongRealmError, and errors of pg */
export async function readState(session: WriterSession, realm: string): Promise<StoredState> {
  await session.query({
    text: `insert into rollcall_store.server values (true, $1, $2, 0, 0, $3, $3) on conflict do nothing`,
    values: [realm, STAMP_ZERO, Buffer.from(emptyDigest())],
  });
  const server = await session.query<ServerColumns>({ text: "select * from rollcall_store.server" });
  const origins = await session.query<OriginColumns>({
    text: "select id, server, last_sequence, stable_sequence, forgotten_as from rollcall_store.origin",
  });
  const [row] = server.rows;
  if (row && row.realm !== realm) throw new WrongRealmError(row.realm, realm);
  return stateOf(row, origins.rows);
}

/** @throws DatabaseUnavailableError */
export function stateOf(row: ServerColumns | undefined, origins: readonly OriginColumns[]): StoredState {
  if (!row) throw new DatabaseUnavailableError();
  return {
    vector: sequences(origins, "last_sequence"),
    stable: sequences(origins, "stable_sequence"),
    servers: names(origins, "server"),
    forgotten: names(origins, "forgotten_as"),
    clock: row.clock,
    totals: {
      documents: Number(row.documents),
      entries: Number(row.entries),
      headsDigest: row.heads_digest,
      stateDigest: row.state_digest,
    },
  };
}

function names(
  rows: readonly OriginColumns[],
  column: "server" | "forgotten_as",
): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const row of rows) {
    const name = row[column];
    if (name !== null) named.set(toOrigin(row.id), name);
  }
  return named;
}

/** Origins of which nothing is held, or nothing by every member, are left out. */
function sequences(
  rows: readonly OriginColumns[],
  column: "last_sequence" | "stable_sequence",
): Map<string, number> {
  const held = rows.map((row) => [toOrigin(row.id), Number(row[column])] as const);
  return new Map(held.filter(([, sequence]) => sequence > 0));
}
