/**
 * Lists of players. By name they are found through the claims on it: a claim is of a player who is there and was
 * not merged into another, whether it won or lost.
 */
import { type Kysely, sql } from "kysely";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import { keysetPage } from "../keyset-page.ts";
import type { PlayerPage, PlayerQuery } from "../record-queries.ts";
import { isStorableText } from "../storable.ts";
import { type StoredPlayerColumns, toStoredPlayer } from "./record-columns.ts";
import { claimKindNumber } from "./rows.ts";

const USERNAME = sql.lit(claimKindNumber("username"));

const BY_ID = sql`rollcall_store.player p`;
const BY_CLAIM = sql`rollcall_store.claim c
  cross join lateral (
    select c.player_id as id
    union all
    select (other ->> 'playerId')::uuid from jsonb_array_elements(c.others) as other
  ) claimant
  join rollcall_store.player p on p.id = claimant.id and p.username_key = c.key`;

export async function listPlayers(database: Kysely<unknown>, query: PlayerQuery): Promise<PlayerPage> {
  const { username, prefix, region, platform, status, nowMs, limit, after } = query;
  const texts = [username, prefix, region, platform, status];
  if (!texts.every((text) => text === undefined || isStorableText(text))) return { items: [], next: null };
  const isByClaim = username !== undefined || prefix !== undefined;
  const isByName = prefix !== undefined;

  const filters = [sql`p.survivor_id = p.id`];
  if (isByClaim) filters.push(sql`c.kind = ${USERNAME}`);
  if (username !== undefined) filters.push(sql`c.key = ${normaliseUsername(username)}`);
  // PostgreSQL walks the index for this, as the column's order is "C".
  if (isByName) filters.push(sql`starts_with(c.key, ${normaliseUsername(prefix)})`);
  if (region !== undefined) filters.push(sql`p.region = ${region}`);
  if (platform !== undefined) filters.push(sql`p.platform = ${platform}`);
  if (status === "banned") filters.push(sql`p.banned_until_ms > ${nowMs}`);
  if (status === "active") filters.push(sql`coalesce(p.banned_until_ms <= ${nowMs}, true)`);
  if (after && isByName) {
    const key = after.usernameKey ?? "";
    filters.push(sql`c.key >= ${key} and (c.key, p.id) > (${key}, ${after.id}::uuid)`);
  } else if (after) filters.push(sql`p.id > ${after.id}::uuid`);

  // The page comes first: it is found by one index, and what belongs to its players by their keys.
  const order = sql.raw(isByName ? "username_key, id" : "id");
  const { rows } = await sql<StoredPlayerColumns>`
    select page.*, d.heads, c.owner_id as username_owner_id
    from (
      select p.* from ${isByClaim ? BY_CLAIM : BY_ID}
      where ${sql.join(filters, sql` and `)}
      order by ${isByName ? sql`c.key, p.id` : sql`p.id`}
      limit ${limit + 1}
    ) page
    join rollcall_store.document d using (id)
    left join rollcall_store.claim c on c.kind = ${USERNAME} and c.key = page.username_key
    order by ${order}`.execute(database);
  const { items, next } = keysetPage(rows, limit, (last) => ({
    id: last.id,
    usernameKey: isByName ? last.username_key : null,
  }));
  return { items: items.map(toStoredPlayer), next };
}
