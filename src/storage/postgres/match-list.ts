/** Lists of matches: newest first, but those that may have to expire oldest first. */
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { DocumentId } from "../../../crdt/ids.ts";
import { keysetPage } from "../keyset-page.ts";
import type {
  HeardMatches,
  MatchCursor,
  MatchPage,
  MatchQuery,
  OverdueQuery,
  PlayerMatchesQuery,
} from "../record-queries.ts";
import { isStorableText } from "../storable.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { type StoredMatchColumns, toStoredMatch } from "./record-columns.ts";

const NOTHING: MatchPage = { items: [], next: null };

export async function listMatches(database: Kysely<unknown>, query: MatchQuery): Promise<MatchPage> {
  const { state, mode, region, heard, limit, after } = query;
  const texts = [state, mode, region];
  if (!texts.every((text) => text === undefined || isStorableText(text))) return NOTHING;
  const filters = [sql`true`];
  if (state !== undefined) filters.push(sql`m.state = ${state}`);
  if (mode !== undefined) filters.push(sql`m.mode = ${mode}`);
  if (region !== undefined) filters.push(sql`m.region = ${region}`);
  if (heard) {
    filters.push(sql`(m.state <> 'open' or m.host_id is null or ${IS_HEARD})`);
  }
  if (after) filters.push(isOlder(sql`m.created_at_ms, m.id`, after));
  const { rows } = await sql<StoredMatchColumns>`
    ${heard ? withThose(heard) : sql``}
    select m.*, d.heads from rollcall_store.match m join rollcall_store.document d on d.id = m.id
    where ${sql.join(filters, sql` and `)}
    order by m.created_at_ms desc, m.id desc
    limit ${limit + 1}`.execute(database);
  return pageOf(rows, limit);
}

export async function listOverdueMatches(
  database: Kysely<unknown>,
  { heard, hostlessBeforeMs, limit, after }: OverdueQuery,
): Promise<MatchPage> {
  const { rows } = await sql<StoredMatchColumns>`
    ${heard ? withThose(heard) : sql``}
    select m.*, d.heads from rollcall_store.match m join rollcall_store.document d on d.id = m.id
    where m.state = 'open'
      ${after ? sql`and ${isNewer(sql`m.created_at_ms, m.id`, after)}` : sql``}
      and case when m.host_id is null then m.created_at_ms < ${hostlessBeforeMs}
        else ${heard ? sql`not ${IS_HEARD}` : sql`false`} end
    order by m.created_at_ms, m.id
    limit ${limit + 1}`.execute(database);
  return pageOf(rows, limit);
}

export async function listMatchesOf(
  database: Kysely<unknown>,
  { playerIds, limit, after }: PlayerMatchesQuery,
): Promise<MatchPage> {
  const ids = sql`${binaryArray(COLUMN.uuid, playerIds)}::uuid[]`;
  const { rows } = await sql<StoredMatchColumns>`
    select m.*, d.heads
    from (
      select distinct created_at_ms, match_id from rollcall_store.match_player
      where player_id = any(${ids}) ${after ? sql`and ${isOlder(sql`created_at_ms, match_id`, after)}` : sql``}
      order by created_at_ms desc, match_id desc
      limit ${limit + 1}
    ) played
    join rollcall_store.match m on m.id = played.match_id
    join rollcall_store.document d on d.id = m.id
    order by m.created_at_ms desc, m.id desc`.execute(database);
  return pageOf(rows, limit);
}

/**
 * Whether a match is new, or its host one of those who are there (`withThose`), or was merged with one. Few hosts are not there
 * themselves, which the planner cannot know: `offset 0` has it look those up one by one, and never hash all players.
 */
const IS_HEARD = sql`(m.id in (select id from recent) or m.host_id in (select id from there) or exists (
    select from rollcall_store.player host
    where host.id = m.host_id and (host.survivor_id in (select id from there) or exists (
      select from rollcall_store.player other
      where other.survivor_id = host.survivor_id and other.survivor_id <> other.id
        and other.id in (select id from there) offset 0)) offset 0))`;

function withThose({ newIds, hosts }: HeardMatches): RawBuilder<unknown> {
  return sql`with there (id) as materialized (${rowsOf(hosts)}), recent (id) as materialized (${rowsOf(newIds)})`;
}

function rowsOf(ids: readonly DocumentId[]): RawBuilder<unknown> {
  return sql`select unnest(${binaryArray(COLUMN.uuid, ids)}::uuid[])`;
}

function isNewer(place: RawBuilder<unknown>, { createdAtMs, id }: MatchCursor): RawBuilder<unknown> {
  return sql`(${place}) > (${createdAtMs}, ${id}::uuid)`;
}

function isOlder(place: RawBuilder<unknown>, { createdAtMs, id }: MatchCursor): RawBuilder<unknown> {
  return sql`(${place}) < (${createdAtMs}, ${id}::uuid)`;
}

function pageOf(rows: readonly StoredMatchColumns[], limit: number): MatchPage {
  const { items, next } = keysetPage(rows, limit, ({ created_at_ms, id }) => ({
    createdAtMs: Number(created_at_ms),
    id,
  }));
  return { items: items.map(toStoredMatch), next };
}
