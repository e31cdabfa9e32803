/** The record queries over the tables of a `MemoryDisk`. */
import { ownerOf } from "../../../crdt/claim.ts";
import { latestStamp } from "../../../crdt/conflict.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import { type Match, participantIdsOf } from "../../../crdt/match.ts";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import { keysetPage } from "../keyset-page.ts";
import type { PlayerRow } from "../player-row.ts";
import type {
  ConflictPage,
  ConflictQuery,
  HeardMatches,
  MatchCursor,
  MatchPage,
  MatchQuery,
  OverdueQuery,
  PlayerMatchesQuery,
  PlayerPage,
  PlayerQuery,
  StoredMatch,
  StoredPlayer,
} from "../record-queries.ts";
import type { MemoryDisk } from "./memory-disk.ts";

export function findPlayer(disk: MemoryDisk, id: DocumentId): StoredPlayer | "erased" | undefined {
  const document = disk.documents.get(id);
  if (document?.erased) return "erased";
  const row = disk.players.get(id);
  return row && document && { ...row, heads: document.heads, usernameOwnerId: usernameOwner(disk, row) };
}

export function findMatch(disk: MemoryDisk, id: DocumentId): StoredMatch | undefined {
  const match = disk.matches.get(id);
  const document = disk.documents.get(id);
  return match && document && { match, heads: document.heads };
}

/** Names sort as UTF-8 does, which is by code point. */
export function listPlayers(disk: MemoryDisk, query: PlayerQuery): PlayerPage {
  const isByName = query.prefix !== undefined;
  const place = (id: DocumentId, key: string | null): Buffer =>
    Buffer.from(isByName ? `${key ?? ""}\u0000${id}` : id);
  const after = query.after && place(query.after.id, query.after.usernameKey);
  const found = [...disk.players.values()]
    .filter((row) => row.survivorId === row.player.id && isWanted(disk, row, query))
    .map((row) => ({ row, place: place(row.player.id, usernameKey(row)) }))
    .filter((each) => after === undefined || Buffer.compare(each.place, after) > 0)
    .sort((a, b) => Buffer.compare(a.place, b.place))
    .map(({ row }) => findPlayer(disk, row.player.id))
    .filter((player) => typeof player === "object");
  return keysetPage(found, query.limit, (last) => ({
    id: last.player.id,
    usernameKey: isByName ? usernameKey(last) : null,
  }));
}

export function listMatches(disk: MemoryDisk, query: MatchQuery): MatchPage {
  const { state, mode, region, heard } = query;
  const isHeard = heard ? heardTest(disk, heard) : () => true;
  const found = [...disk.matches.values()].filter(
    (match) =>
      (state === undefined || match.state === state) &&
      (mode === undefined || match.mode === mode) &&
      (region === undefined || match.region === region) &&
      (match.state !== "open" || match.hostId === null || isHeard(match)),
  );
  return matchPage(disk, found, query);
}

export function listOverdueMatches(disk: MemoryDisk, query: OverdueQuery): MatchPage {
  const { heard, hostlessBeforeMs, limit, after } = query;
  const isHeard = heard ? heardTest(disk, heard) : () => true;
  const found = [...disk.matches.values()].filter((match) => {
    if (match.state !== "open") return false;
    return match.hostId === null ? match.createdAtMs < hostlessBeforeMs : !isHeard(match);
  });
  const oldestFirst = (one: MatchCursor, other: MatchCursor): number => newestFirst(other, one);
  return matchPage(disk, found, { limit, after }, oldestFirst);
}

export function listMatchesOf(disk: MemoryDisk, query: PlayerMatchesQuery): MatchPage {
  const ids = new Set(query.playerIds);
  const found = [...disk.matches.values()].filter((match) =>
    participantIdsOf(match).some((playerId) => ids.has(playerId)),
  );
  return matchPage(disk, found, query);
}

export function listConflicts(disk: MemoryDisk, query: ConflictQuery): ConflictPage {
  const { kind, documentId, changes, since, limit, after } = query;
  const wanted = changes && new Set<string | undefined>(changes);
  const found = [...disk.conflicts.values()]
    .filter((conflict) => kind === undefined || conflict.kind === kind)
    .filter(({ documentIds }) => documentId === undefined || documentIds.includes(documentId))
    .filter(({ candidates }) => !wanted || candidates.some(({ change }) => wanted.has(change)))
    .map((conflict) => ({ conflict, place: `${latestStamp(conflict)} ${conflict.id}` }))
    .filter(({ place }) => since === undefined || place >= since)
    .filter(({ place }) => after === undefined || place < `${after.stamp} ${after.id}`)
    .sort((a, b) => (a.place > b.place ? -1 : 1))
    .map(({ conflict }) => conflict);
  return keysetPage(found, limit, (last) => ({ stamp: latestStamp(last), id: last.id }));
}

/** Edges are followed both ways, also through players of whom only the id is known. */
export function mergeGroup(disk: Pick<MemoryDisk, "players">, ids: readonly DocumentId[]): PlayerRow[] {
  const members = new Set(ids);
  for (let size = -1; size < members.size; ) {
    size = members.size;
    for (const { player } of disk.players.values()) {
      const edges = [player.id, ...player.mergedWith];
      if (player.mergedWith.length > 0 && edges.some((id) => members.has(id))) {
        for (const id of edges) members.add(id);
      }
    }
  }
  return [...members].map((id) => disk.players.get(id)).filter((row) => row !== undefined);
}

function isWanted(disk: MemoryDisk, row: PlayerRow, query: PlayerQuery): boolean {
  const { username, prefix, region, platform, status, nowMs } = query;
  const name = claimedName(disk, row);
  const isBanned = (row.bannedUntilMs ?? Number.NEGATIVE_INFINITY) > nowMs;
  return (
    (username === undefined || name === normaliseUsername(username)) &&
    (prefix === undefined || name?.startsWith(normaliseUsername(prefix)) === true) &&
    (region === undefined || row.player.region === region) &&
    (platform === undefined || row.player.platform === platform) &&
    (status === undefined || (status === "banned") === isBanned)
  );
}

/** The normalised name, if the player is among those who claim it. */
function claimedName(disk: MemoryDisk, row: PlayerRow): string | undefined {
  const key = usernameKey(row);
  const group = key === null ? undefined : disk.claimGroup({ kind: "username", key });
  return group?.claims.some(({ playerId }) => playerId === row.player.id) ? group.key : undefined;
}

function usernameOwner(disk: MemoryDisk, row: PlayerRow): DocumentId | null {
  const key = usernameKey(row);
  const group = key === null ? undefined : disk.claimGroup({ kind: "username", key });
  return (group && ownerOf(group)) ?? null;
}

function usernameKey({ player: { username } }: PlayerRow): string | null {
  return username === null ? null : normaliseUsername(username);
}

/** Whether a match is new, or its host one of these, or was merged with one. */
function heardTest(disk: MemoryDisk, { newIds, hosts }: HeardMatches): (match: Match) => boolean {
  const survivorOf = (id: DocumentId): DocumentId => disk.players.get(id)?.survivorId ?? id;
  const there = new Set(hosts.map(survivorOf));
  const recent = new Set(newIds);
  return ({ id, hostId }) => recent.has(id) || (hostId !== null && there.has(survivorOf(hostId)));
}

function matchPage(
  disk: MemoryDisk,
  matches: readonly Match[],
  { limit, after }: { readonly limit: number; readonly after?: MatchCursor | undefined },
  inOrder = newestFirst,
): MatchPage {
  const found = matches
    .filter((match) => after === undefined || inOrder(after, match) < 0)
    .sort(inOrder)
    .map(({ id }) => findMatch(disk, id))
    .filter((match) => match !== undefined);
  return keysetPage(found, limit, ({ match: { createdAtMs, id } }) => ({ createdAtMs, id }));
}

function newestFirst(one: MatchCursor, other: MatchCursor): number {
  if (one.createdAtMs !== other.createdAtMs) return other.createdAtMs - one.createdAtMs;
  if (one.id === other.id) return 0;
  return one.id > other.id ? -1 : 1;
}
