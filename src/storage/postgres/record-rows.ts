/** What a batch writes of records and of what follows from them, as columns. */
import type { ClaimGroup } from "../../../crdt/claim.ts";
import { type Conflict, latestStamp } from "../../../crdt/conflict.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import { type Match, participantIdsOf } from "../../../crdt/match.ts";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import type { Batch } from "../log-store.ts";
import type { PlayerRow } from "../player-row.ts";
import type { RatingMark } from "../rating-store.ts";
import { COLUMN } from "./binary-array.ts";
import { type Column, column, rowSource } from "./row-source.ts";
import { claimKindNumber } from "./rows.ts";

const { uuid, text, int2, int8, jsonb } = COLUMN;

/** Several ids in one column. They travel as text, as arrays of arrays have to be rectangles. */
function idsColumn<Row>(name: string, idsOf: (row: Row) => readonly DocumentId[]): Column<Row> {
  return column(name, text, (row) => `{${idsOf(row)}}`, { cast: "uuid[]" });
}

const PLAYER_COLUMNS: Column<PlayerRow>[] = [
  column("id", uuid, ({ player }) => player.id),
  column("username", text, ({ player }) => player.username),
  column("username_key", text, ({ player }) => player.username && normaliseUsername(player.username)),
  column("username_stamp", text, ({ player }) => player.usernameClaim?.stamp ?? null),
  column("username_origin", uuid, ({ player }) => player.usernameClaim?.origin ?? null),
  column("username_position_origin", uuid, (row) => row.usernamePosition?.origin ?? null),
  column("username_position_sequence", int8, (row) => row.usernamePosition?.sequence ?? null),
  column("display_name", text, ({ player }) => player.displayName),
  column("region", text, ({ player }) => player.region),
  column("platform", text, ({ player }) => player.platform),
  column("banned_until_ms", int8, (row) => row.bannedUntilMs),
  column("metadata", jsonb, ({ player }) => player.metadata),
  column("identities", jsonb, ({ player }) => player.identities),
  column("bans", jsonb, ({ player }) => player.bans),
  idsColumn("merged_with", ({ player }) => player.mergedWith),
  column("survivor_id", uuid, (row) => row.survivorId),
  column("created_at_ms", int8, ({ player }) => player.createdAtMs),
  column("home_server", text, ({ player }) => player.homeServer),
];

/** A player is new with its document. */
export const NEW_PLAYERS = rowSource<Batch, PlayerRow>(
  "new_player",
  PLAYER_COLUMNS,
  ({ players, newDocuments }) => players.filter(({ player }) => newDocuments.has(player.id)),
);

export const CHANGED_PLAYERS = rowSource<Batch, PlayerRow>(
  "changed_player",
  PLAYER_COLUMNS,
  ({ players, newDocuments }) => players.filter(({ player }) => !newDocuments.has(player.id)),
);

/** Nearly every group has one claim, which stands in columns: a third of what it takes as jsonb. */
const CLAIM_KEY_COLUMNS: Column<ClaimGroup>[] = [
  column("kind", int2, (group) => claimKindNumber(group.kind)),
  column("key", text, (group) => group.key),
];
const CLAIM_COLUMNS: Column<ClaimGroup>[] = [
  ...CLAIM_KEY_COLUMNS,
  column("owner_id", uuid, ({ claims: [first] }) => first?.holderId ?? null),
  column("player_id", uuid, ({ claims: [first] }) => first?.playerId ?? null),
  column("origin", uuid, ({ claims: [first] }) => first?.origin ?? null),
  column("stamp", text, ({ claims: [first] }) => first?.stamp ?? null),
  column("value", text, ({ key, claims: [first] }) => (first && first.value !== key ? first.value : null)),
  column("others", jsonb, ({ claims }) => (claims.length > 1 ? claims.slice(1) : null)),
];

export const NEW_CLAIMS = rowSource<Batch, ClaimGroup>("new_claim", CLAIM_COLUMNS, ({ claims, newClaims }) =>
  claims.filter((group) => newClaims.has(group) && group.claims.length > 0),
);

export const CHANGED_CLAIMS = rowSource<Batch, ClaimGroup>(
  "changed_claim",
  CLAIM_COLUMNS,
  ({ claims, newClaims }) => claims.filter((group) => !newClaims.has(group) && group.claims.length > 0),
);

export const ENDED_CLAIMS = rowSource<Batch, ClaimGroup>("ended_claim", CLAIM_KEY_COLUMNS, ({ claims }) =>
  claims.filter((group) => group.claims.length === 0),
);

export const MATCHES = rowSource<Batch, Match>(
  "written_match",
  [
    column("id", uuid, (match) => match.id),
    column("mode", text, (match) => match.mode),
    column("region", text, (match) => match.region),
    column("capacity", int8, (match) => match.capacity),
    column("host_id", uuid, (match) => match.hostId),
    column("address", text, (match) => match.address),
    column("metadata", jsonb, (match) => match.metadata),
    column("state", text, (match) => match.state),
    column("seats", jsonb, (match) => match.seats),
    column("late_seats", jsonb, (match) => match.lateSeats),
    column("entrants", jsonb, (match) => match.entrants),
    column("reports", jsonb, (match) => match.reports),
    column("settlements", jsonb, (match) => match.settlements),
    column("result_status", text, (match) => match.result.status),
    column("ranks", jsonb, (match) => match.result.ranks),
    column("created_at_ms", int8, (match) => match.createdAtMs),
    column("started_at", text, (match) => match.startedAt),
    column("finished_at", text, (match) => match.finishedAt),
    column("home_server", text, (match) => match.homeServer),
  ],
  (batch) => batch.matches,
);

interface MatchPlayer {
  readonly match: Match;
  readonly playerId: DocumentId;
}

export const MATCH_PLAYERS = rowSource<Batch, MatchPlayer>(
  "written_match_player",
  [
    column("match_id", uuid, ({ match }) => match.id),
    column("player_id", uuid, ({ playerId }) => playerId),
    column("created_at_ms", int8, ({ match }) => match.createdAtMs),
  ],
  ({ matches }) =>
    matches.flatMap((match) => participantIdsOf(match).map((playerId) => ({ match, playerId }))),
);

export const CONFLICT_SCOPES = rowSource<Batch, string>(
  "written_scope",
  [column("scope", text, (scope) => scope)],
  (batch) => batch.conflictScopes,
);

export const CONFLICTS = rowSource<Batch, Conflict>(
  "written_conflict",
  [
    column("id", uuid, (conflict) => conflict.id),
    column("scope", text, (conflict) => conflict.scope),
    column("kind", text, (conflict) => conflict.kind),
    idsColumn("document_ids", (conflict) => conflict.documentIds),
    column("stamp", text, latestStamp),
    column("body", jsonb, (conflict) => conflict),
    // Hashes, which need no quoting; together, as ids are.
    column("changes", text, ({ candidates }) => `{${candidates.flatMap(({ change }) => change ?? [])}}`, {
      cast: "text[]",
    }),
  ],
  (batch) => batch.conflicts,
);

export const ERASED = rowSource<Batch, DocumentId>(
  "erased_document",
  [column("id", uuid, (id) => id)],
  (batch) => batch.erased,
);

export const RATING_MARKS = rowSource<Batch, RatingMark>(
  "written_mark",
  [
    column("mode", text, (mark) => mark.mode),
    column("finished_at", text, (mark) => mark.finishedAt),
    column("match_id", uuid, (mark) => mark.matchId),
  ],
  (batch) => batch.ratingMarks,
);
