/** The log store on PostgreSQL 15 or newer: one session writes (`writer-session.ts`), a pool reads. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { ChangeHash } from "../../../crdt/change.ts";
import { ENTRY_KIND, ENTRY_OVERHEAD_BYTES, ENTRY_VERSION, type Entry } from "../../../crdt/entry.ts";
import { STAMP_ZERO } from "../../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import { emptyDigest } from "../../../crdt/set-digest.ts";
import { DatabaseUnavailableError, WrongRealmError } from "../errors.ts";
import type {
  Batch,
  DocumentRow,
  LogStore,
  PageLimit,
  PlayerPage,
  PlayerQuery,
  StoredPlayer,
  StoredState,
} from "../log-store.ts";
import { requireStorable } from "../storable.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { commitQuery } from "./commit-statement.ts";
import { listPlayers, type QueryTables } from "./player-list.ts";
import {
  type DocumentColumns,
  type EntryColumns,
  type PlayerColumns,
  toDocumentRow,
  toEntry,
  toHeads,
  toOrigin,
  toPlayer,
} from "./rows.ts";
import { commitError, connectError, readError } from "./sql-state.ts";
import { type SessionOptions, WriterSession } from "./writer-session.ts";

export interface PostgresOptions extends SessionOptions {
  readonly realm: string;
  /** Told of errors of idle connections, which are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

const READERS_MAX = 6;
const READ_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;

export class PostgresLogStore implements LogStore {
  readonly #options: PostgresOptions;
  readonly #pool: pg.Pool;
  readonly #kysely: Kysely<QueryTables>;
  #session: WriterSession | undefined;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.databaseUrl,
      application_name: "rollcall reader",
      max: READERS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: READ_TIMEOUT_MS,
      statement_timeout: READ_TIMEOUT_MS,
      keepAlive: true,
    });
    this.#pool.on("error", options.onIdleError);
    this.#kysely = new Kysely({ dialect: new PostgresDialect({ pool: this.#pool }) });
  }

  async open(): Promise<StoredState> {
    try {
      if (this.#session?.lost !== false) this.#session = await WriterSession.open(this.#options);
      return await this.#readState(this.#session);
    } catch (error) {
      this.#session?.discard();
      throw connectError(error);
    }
  }

  async commit(batch: Batch): Promise<void> {
    const session = this.#session;
    if (!session || session.lost) throw new DatabaseUnavailableError();
    requireStorable(batch);
    const query = commitQuery(batch);
    try {
      await session.query(query);
    } catch (error) {
      const failure = commitError(error);
      if (failure.code === "outcome-unknown") session.discard();
      throw failure;
    }
  }

  async documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    const rows = await this.#read<DocumentColumns>(
      "documents",
      "select id, kind, heads, state_digest from rollcall_store.document where id = any($1::uuid[])",
      [binaryArray(COLUMN.uuid, ids)],
    );
    return new Map(rows.map((row) => [row.id, toDocumentRow(row)]));
  }

  async changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, Uint8Array[]>> {
    const rows = await this.#read<{ document_id: string; body: Buffer }>(
      "changes",
      `select document_id, body from rollcall_store.entry e
       where document_id = any($1::uuid[]) and kind = $2 and version = $3 and hash is not null and not exists (
         select from rollcall_store.quarantine q where q.origin = e.origin and q.sequence = e.sequence)`,
      [binaryArray(COLUMN.uuid, ids), ENTRY_KIND.playerChange, ENTRY_VERSION],
    );
    const changes = new Map<DocumentId, Uint8Array[]>(ids.map((id) => [id, []]));
    for (const { document_id, body } of rows) changes.get(document_id)?.push(body);
    return changes;
  }

  async entries(origin: Origin, from: number, { entriesMax, bytesMax }: PageLimit): Promise<Entry[]> {
    const rows = await this.#read<EntryColumns>(
      "entries",
      `select * from (
         select origin, sequence, kind, version, document_id, hash, body,
           sum(length(body) + $5) over (order by sequence) as bytes
         from (
           select * from rollcall_store.entry where origin = $1 and sequence >= $2 order by sequence limit $3
         ) page
       ) sized where bytes <= $4 or bytes = length(body) + $5 order by sequence`,
      [origin, from, entriesMax, bytesMax, ENTRY_OVERHEAD_BYTES],
    );
    return rows.map(toEntry);
  }

  async player(id: DocumentId): Promise<StoredPlayer | undefined> {
    const [row] = await this.#read<PlayerColumns & { heads: Buffer }>(
      "player",
      "select p.*, d.heads from rollcall_store.player p join rollcall_store.document d using (id) where id = $1",
      [id],
    );
    return row && { player: toPlayer(row), heads: toHeads(row.heads) };
  }

  async players(query: PlayerQuery): Promise<PlayerPage> {
    try {
      return await listPlayers(this.#kysely, query);
    } catch (error) {
      throw readError(error);
    }
  }

  async positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined> {
    const [row] = await this.#read<Pick<EntryColumns, "origin" | "sequence">>(
      "positionOf",
      "select origin, sequence from rollcall_store.entry where document_id = $1 and hash = $2",
      [id, Buffer.from(change, "hex")],
    );
    return row && { origin: toOrigin(row.origin), sequence: Number(row.sequence) };
  }

  async quarantined(): Promise<number> {
    const [row] = await this.#read<{ count: string }>(
      "quarantined",
      "select count(*) from rollcall_store.quarantine",
      [],
    );
    return Number(row?.count ?? 0);
  }

  async ping(): Promise<void> {
    if (this.#session?.lost !== false) throw new DatabaseUnavailableError();
    await this.#read("ping", "select 1", []);
  }

  async close(): Promise<void> {
    await this.#session?.close();
    await this.#pool.end();
  }

  async #read<Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    try {
      const { rows } = await this.#pool.query<Row>({ name, text, values });
      return rows;
    } catch (error) {
      throw readError(error);
    }
  }

  async #readState(session: WriterSession): Promise<StoredState> {
    await session.query({
      text: `insert into rollcall_store.server values (true, $1, $2, 0, 0, $3, $3) on conflict do nothing`,
      values: [this.#options.realm, STAMP_ZERO, Buffer.from(emptyDigest())],
    });
    const server = await session.query<ServerColumns>({ text: "select * from rollcall_store.server" });
    const origins = await session.query<OriginColumns>({ text: "select * from rollcall_store.origin" });
    const [row] = server.rows;
    if (!row) throw new DatabaseUnavailableError();
    if (row.realm !== this.#options.realm) throw new WrongRealmError(row.realm, this.#options.realm);
    return {
      vector: new Map(origins.rows.map(({ id, last_sequence }) => [toOrigin(id), Number(last_sequence)])),
      servers: new Map(
        origins.rows.flatMap(({ id, server }) => (server === null ? [] : [[toOrigin(id), server] as const])),
      ),
      clock: row.clock,
      totals: {
        documents: Number(row.documents),
        entries: Number(row.entries),
        headsDigest: row.heads_digest,
        stateDigest: row.state_digest,
      },
    };
  }
}

interface ServerColumns {
  readonly realm: string;
  readonly clock: string;
  readonly documents: string;
  readonly entries: string;
  readonly heads_digest: Buffer;
  readonly state_digest: Buffer;
}

interface OriginColumns {
  readonly id: string;
  readonly server: string | null;
  readonly last_sequence: string;
}
