/** The list of players: filters joined by "and", pages by key, so that a page costs the same at any depth. */
import { type Kysely, sql } from "kysely";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import type { PlayerPage, PlayerQuery } from "../log-store.ts";
import { isStorableText } from "../storable.ts";
import { type PlayerColumns, toPlayer } from "./rows.ts";

export interface QueryTables {
  "rollcall_store.player": PlayerColumns;
}

export async function listPlayers(tables: Kysely<QueryTables>, query: PlayerQuery): Promise<PlayerPage> {
  const { username, prefix, region, platform, status, limit, after } = query;
  const texts = [username, prefix, region, platform, status];
  if (!texts.every((text) => text === undefined || isStorableText(text))) return { items: [], next: null };
  const byName = prefix !== undefined;
  let select = tables
    .selectFrom("rollcall_store.player")
    .selectAll()
    .limit(limit + 1);
  if (username !== undefined) select = select.where("username_key", "=", normaliseUsername(username));
  if (byName) {
    // PostgreSQL walks the index for this, as the column's order is "C".
    select = select.where(sql<boolean>`starts_with(username_key, ${normaliseUsername(prefix)})`);
  }
  if (region !== undefined) select = select.where("region", "=", region);
  if (platform !== undefined) select = select.where("platform", "=", platform);
  if (status !== undefined) select = select.where("status", "=", status);
  if (after) {
    select = byName
      ? select.where(sql<boolean>`(username_key, id) > (${after.usernameKey ?? ""}, ${after.id}::uuid)`)
      : select.where("id", ">", after.id);
  }
  if (byName) select = select.orderBy("username_key");
  const rows = await select.orderBy("id").execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toPlayer),
    next: last ? { id: last.id, usernameKey: byName ? last.username_key : null } : null,
  };
}
