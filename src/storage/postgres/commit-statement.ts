/**
 * A batch as one statement, which is its own transaction: no COMMIT whose command tag could say ROLLBACK, one
 * round trip, and every row travels in a binary array. Its success is the commit.
 *
 * The statement has the parts that the batch needs: what all batches write, and what few do. All parts see the
 * tables as they were before, and none may write a row that another writes.
 */
import { ENTRY_KIND } from "../../../crdt/entry.ts";
import type { Batch } from "../log-store.ts";
import { AUDITS } from "./audit-rows.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { CHANNEL } from "./change-notices.ts";
import { CHANGED_DOCUMENTS, ENTRIES, NEW_DOCUMENTS, ORIGINS, QUARANTINED } from "./log-rows.ts";
import { RATING_SOURCES, RATING_STATEMENTS } from "./rating-rows.ts";
import {
  CHANGED_CLAIMS,
  CHANGED_PLAYERS,
  CONFLICT_SCOPES,
  CONFLICTS,
  ENDED_CLAIMS,
  ERASED,
  MATCH_PLAYERS,
  MATCHES,
  NEW_CLAIMS,
  NEW_PLAYERS,
  RATING_MARKS,
} from "./record-rows.ts";
import { REQUESTS } from "./request-rows.ts";
import { insertInto, type RowSource, upsertInto } from "./row-source.ts";

interface Part {
  readonly name: string;
  readonly sources: readonly RowSource<Batch>[];
  readonly statements: readonly string[];
}

const REGISTRATION: Part = {
  name: "log",
  sources: [ENTRIES, NEW_DOCUMENTS, ORIGINS, NEW_PLAYERS, NEW_CLAIMS],
  statements: [
    insertInto("rollcall_store.entry", ENTRIES),
    insertInto("rollcall_store.document", NEW_DOCUMENTS),
    `insert into rollcall_store.origin (id, server, last_sequence, stable_sequence, forgotten_as)
      select id, server, coalesce(last_sequence, 0), coalesce(stable_sequence, 0), forgotten_as
      from written_origin
      on conflict (id) do update set
        server = coalesce(excluded.server, origin.server),
        last_sequence = greatest(excluded.last_sequence, origin.last_sequence),
        stable_sequence = greatest(excluded.stable_sequence, origin.stable_sequence),
        forgotten_as = coalesce(excluded.forgotten_as, origin.forgotten_as)`,
    insertInto("rollcall_store.player", NEW_PLAYERS),
    insertInto("rollcall_store.claim", NEW_CLAIMS),
  ],
};

/** Each is left out while none of its sources has a row. */
const RARER_PARTS: readonly Part[] = [
  {
    name: "edits",
    sources: [CHANGED_DOCUMENTS, CHANGED_PLAYERS, CHANGED_CLAIMS],
    statements: [
      upsertInto("rollcall_store.document", CHANGED_DOCUMENTS, ["id"]),
      upsertInto("rollcall_store.player", CHANGED_PLAYERS, ["id"]),
      upsertInto("rollcall_store.claim", CHANGED_CLAIMS, ["kind", "key"]),
    ],
  },
  {
    name: "faults",
    sources: [QUARANTINED],
    statements: [insertInto("rollcall_store.quarantine", QUARANTINED)],
  },
  {
    name: "ended",
    sources: [ENDED_CLAIMS],
    statements: [
      `delete from rollcall_store.claim c using ended_claim e where (c.kind, c.key) = (e.kind, e.key)`,
    ],
  },
  {
    name: "matches",
    sources: [MATCHES, MATCH_PLAYERS],
    statements: [
      upsertInto("rollcall_store.match", MATCHES, ["id"]),
      `delete from rollcall_store.match_player p using written_match w
        where p.match_id = w.id
          and (p.match_id, p.player_id) not in (select match_id, player_id from written_match_player)`,
      // A row that is there already costs a look-up and no write.
      `insert into rollcall_store.match_player (match_id, player_id, created_at_ms)
        select match_id, player_id, created_at_ms from written_match_player w
        where not exists (select from rollcall_store.match_player p
          where (p.match_id, p.player_id, p.created_at_ms) = (w.match_id, w.player_id, w.created_at_ms))
        on conflict (match_id, player_id) do update set created_at_ms = excluded.created_at_ms`,
    ],
  },
  {
    name: "conflicts",
    sources: [CONFLICT_SCOPES, CONFLICTS],
    statements: [
      `delete from rollcall_store.conflict c using written_scope s
        where c.scope = s.scope and c.id not in (select id from written_conflict)`,
      upsertInto("rollcall_store.conflict", CONFLICTS, ["id"]),
    ],
  },
  {
    name: "erased",
    sources: [ERASED],
    statements: [
      `update rollcall_store.entry e set hash = null, body = '' from erased_document d
        where e.document_id = d.id and e.kind <> ${ENTRY_KIND.erasure}`,
      `update rollcall_store.quarantine q set detail = '' from rollcall_store.entry e, erased_document d
        where e.document_id = d.id and e.kind <> ${ENTRY_KIND.erasure}
          and (q.origin, q.sequence) = (e.origin, e.sequence)`,
      `delete from rollcall_store.player p using erased_document d where p.id = d.id`,
      `delete from rollcall_store.match m using erased_document d where m.id = d.id`,
      `delete from rollcall_store.match_player p using erased_document d where p.match_id = d.id`,
      `delete from rollcall_store.audit a using erased_document d
        where a.document_id = d.id and a.action <> 'erase'`,
      `delete from rollcall_store.request r using erased_document d where r.document_id = d.id`,
    ],
  },
  {
    name: "requests",
    sources: [REQUESTS],
    statements: [insertInto("rollcall_store.request", REQUESTS)],
  },
  {
    name: "audits",
    sources: [AUDITS],
    statements: [insertInto("rollcall_store.audit", AUDITS)],
  },
  {
    name: "marks",
    sources: [RATING_MARKS],
    statements: [insertInto("rollcall_store.rating_mark", RATING_MARKS)],
  },
  { name: "ratings", sources: RATING_SOURCES, statements: RATING_STATEMENTS },
];

/** A named query: parsed and planned once a session. PostgreSQL takes 63 bytes of the name. */
export interface CommitQuery {
  readonly name: string;
  readonly text: string;
  readonly values: (Buffer | string | number)[];
}

/** `notices` are told to whoever listens, once the batch is committed. */
export function commitQuery(batch: Batch, notices: readonly string[] = []): CommitQuery {
  const rarer = RARER_PARTS.filter(({ sources }) => !sources.every((source) => source.isEmpty(batch)));
  const parts = [REGISTRATION, ...rarer];
  const name = parts.map((part) => part.name).join("+");
  const { clock, totals } = batch;
  return {
    name,
    text: textOf(name, parts),
    values: [
      clock,
      totals.documents,
      totals.entries,
      Buffer.from(totals.headsDigest),
      Buffer.from(totals.stateDigest),
      binaryArray(COLUMN.text, notices),
      ...parts.flatMap(({ sources }) => sources.flatMap((source) => source.parameters(batch))),
    ],
  };
}

/** Parameters 1 to 6 are of this; those of the parts follow. The table has one row, so notices are sent once. */
const SERVER_UPDATE = `update rollcall_store.server
set clock = $1, documents = $2, entries = $3, heads_digest = $4, state_digest = $5
returning (select count(pg_notify('${CHANNEL}', payload)) from unnest($6::text[]) as payload)`;
const FIRST_PART_PARAMETER = 7;

/** By name: as many as there are combinations of parts that come together, some dozens. */
const texts = new Map<string, string>();

function textOf(name: string, parts: readonly Part[]): string {
  const text = texts.get(name) ?? statementText(parts);
  texts.set(name, text);
  return text;
}

function statementText(parts: readonly Part[]): string {
  let parameter = FIRST_PART_PARAMETER;
  const expressions: string[] = [];
  for (const source of parts.flatMap(({ sources }) => sources)) {
    expressions.push(source.expression(parameter));
    parameter += source.columns.length;
  }
  for (const [index, statement] of parts.flatMap(({ statements }) => statements).entries()) {
    expressions.push(`write_${index} as (${statement})`);
  }
  return `with ${expressions.join(",\n")}\n${SERVER_UPDATE}`;
}
