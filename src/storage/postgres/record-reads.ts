/** What is read of records one by one, and of what joins several: claims and merges. Lists have their own files. */
import type { ClaimGroup, ClaimKey } from "../../../crdt/claim.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { PlayerRow } from "../player-row.ts";
import type { RatingMark } from "../rating-store.ts";
import type { StoredMatch, StoredPlayer } from "../record-queries.ts";
import { isStorableText } from "../storable.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import type { RowReader } from "./reader.ts";
import {
  type ClaimColumns,
  type PlayerColumns,
  type StoredMatchColumns,
  type StoredPlayerColumns,
  toClaimGroup,
  toPlayerRow,
  toStoredMatch,
  toStoredPlayer,
} from "./record-columns.ts";
import { claimKindNumber } from "./rows.ts";

export async function readPlayer(
  reader: RowReader,
  id: DocumentId,
): Promise<StoredPlayer | "erased" | undefined> {
  const [row] = await reader.rows<StoredPlayerColumns & { erased: boolean }>({
    name: "player",
    text: `select p.*, d.heads, d.erased, c.owner_id as username_owner_id
      from rollcall_store.document d
      left join rollcall_store.player p on p.id = d.id
      left join rollcall_store.claim c on c.kind = ${claimKindNumber("username")} and c.key = p.username_key
      where d.id = $1 and (d.erased or p.id is not null)`,
    values: [id],
  });
  if (!row) return undefined;
  return row.erased ? "erased" : toStoredPlayer(row);
}

export async function readMatch(reader: RowReader, id: DocumentId): Promise<StoredMatch | undefined> {
  const [row] = await reader.rows<StoredMatchColumns>({
    name: "match",
    text: "select m.*, d.heads from rollcall_store.match m join rollcall_store.document d using (id) where id = $1",
    values: [id],
  });
  return row && toStoredMatch(row);
}

export async function readClaims(reader: RowReader, keys: readonly ClaimKey[]): Promise<ClaimGroup[]> {
  const storable = keys.filter(({ key }) => isStorableText(key));
  const kinds = storable.map(({ kind }) => claimKindNumber(kind));
  const texts = storable.map(({ key }) => key);
  const rows = await reader.rows<ClaimColumns>({
    text: `select * from rollcall_store.claim
      where (kind, key) in (select * from unnest($1::int2[], $2::text[]))`,
    values: [binaryArray(COLUMN.int2, kinds), binaryArray(COLUMN.text, texts)],
  });
  return rows.map(toClaimGroup);
}

export async function readOwner(reader: RowReader, { kind, key }: ClaimKey): Promise<DocumentId | undefined> {
  if (!isStorableText(key)) return undefined;
  const [row] = await reader.rows<{ owner_id: string }>({
    name: "owner",
    text: "select owner_id from rollcall_store.claim where kind = $1 and key = $2",
    values: [claimKindNumber(kind), key],
  });
  return row?.owner_id;
}

/**
 * Edges are followed both ways, also through players of whom only the id is known. Groups are small, which the
 * planner cannot know: `offset 0` has it look up each member by itself.
 */
export async function readMergeGroup(reader: RowReader, ids: readonly DocumentId[]): Promise<PlayerRow[]> {
  const rows = await reader.rows<PlayerColumns>({
    text: `with recursive member (id) as (
        select * from unnest($1::uuid[])
        union
        select joined.id from member cross join lateral (
          select unnest(merged_with) as id from rollcall_store.player p where p.id = member.id
          union all
          select p.id from rollcall_store.player p
          where p.merged_with @> array[member.id] and p.merged_with <> '{}'
        ) joined
      )
      select p.* from member cross join lateral (
        select * from rollcall_store.player p where p.id = member.id offset 0
      ) p`,
    values: [binaryArray(COLUMN.uuid, ids)],
  });
  return rows.map(toPlayerRow);
}

export async function readSurvivors(
  reader: RowReader,
  ids: readonly DocumentId[],
): Promise<Map<DocumentId, DocumentId>> {
  const rows = await reader.rows<Pick<PlayerColumns, "id" | "survivor_id">>({
    text: "select id, survivor_id from rollcall_store.player where id = any($1::uuid[]) and survivor_id <> id",
    values: [binaryArray(COLUMN.uuid, ids)],
  });
  return new Map(rows.map(({ id, survivor_id }) => [id, survivor_id]));
}

export async function readFirstMatches(
  reader: RowReader,
  playerIds: readonly DocumentId[],
): Promise<Map<DocumentId, RatingMark[]>> {
  const rows = await reader.rows<{ player_id: string; mode: string; finished_at: string; id: string }>({
    name: "firstMatches",
    text: `select distinct on (wanted.player_id, m.mode) wanted.player_id, m.mode, m.finished_at, m.id
      from unnest($1::uuid[]) as wanted (player_id) join rollcall_store.match m on m.ranks ? wanted.player_id::text
      where m.state = 'finished' and m.result_status = 'settled'
      order by wanted.player_id, m.mode, m.finished_at, m.id`,
    values: [binaryArray(COLUMN.uuid, playerIds)],
  });
  const found = new Map<DocumentId, RatingMark[]>();
  for (const { player_id, mode, finished_at, id } of rows) {
    found.set(player_id, [...(found.get(player_id) ?? []), { mode, finishedAt: finished_at, matchId: id }]);
  }
  return found;
}
