-- Up Migration

-- The records that documents mean, and what several of them decide together. All of it follows from the log.
-- Times are milliseconds since 1970 (a timestamptz made of them is not exact for all times); stamps are 16
-- hexadecimal digits.

create table rollcall_store.player (
  id uuid primary key,
  username text,
  -- The normalised name: the key of its claim.
  username_key text collate "C",
  username_stamp text,
  username_origin uuid,
  -- Whoever holds this origin's entries up to here has the claim on the name.
  username_position_origin uuid,
  username_position_sequence bigint,
  display_name text,
  region text collate "C",
  platform text collate "C",
  -- When the last ban ends that was not lifted; null when there is none.
  banned_until_ms bigint,
  metadata jsonb not null,
  -- [{provider, subject, stamp, origin}]
  identities jsonb not null,
  -- [{id, reason, by, fromMs, untilMs, lifted}]
  bans jsonb not null,
  -- The edges to players with a lesser id; together they make the merge groups.
  merged_with uuid[] not null,
  -- The least id of the merge group; the player's own if it is that.
  survivor_id uuid not null,
  created_at_ms bigint not null,
  home_server text not null
);
create index player_region on rollcall_store.player (region, id) where region is not null;
create index player_platform on rollcall_store.player (platform, id) where platform is not null;
create index player_banned on rollcall_store.player (id) where banned_until_ms is not null;
create index player_merged_with on rollcall_store.player using gin (merged_with) with (fastupdate = off)
  where merged_with <> '{}';

-- All live claims on one name (kind 1, key: the normalised name) or identity (kind 2, key: provider:subject).
create table rollcall_store.claim (
  kind smallint not null,
  key text collate "C" not null,
  -- The first claim, by stamp and player: for whom it counts, whose it is, and who wrote it.
  owner_id uuid not null,
  player_id uuid not null,
  origin uuid not null,
  stamp text not null,
  -- As the player wrote it; null where that is the key.
  value text,
  -- [{stamp, playerId, holderId, value, origin}], sorted by stamp and player; null when nobody else claims the key.
  others jsonb,
  primary key (kind, key)
);

create table rollcall_store.match (
  id uuid primary key,
  mode text collate "C" not null,
  region text collate "C",
  capacity bigint not null,
  host_id uuid,
  address text,
  metadata jsonb not null,
  state text not null,
  -- [{playerId, stamp, status, origin}]
  seats jsonb not null,
  -- [{playerId, stamp, origin}]
  late_seats jsonb not null,
  -- [{playerId, entries}]
  entrants jsonb not null,
  -- [{playerId, stamp, ranks, origin}]
  reports jsonb not null,
  -- [{id, stamp, ranks, reason, origin}]
  settlements jsonb not null,
  result_status text not null,
  -- Of a settled result.
  ranks jsonb,
  created_at_ms bigint not null,
  started_at text,
  finished_at text collate "C",
  home_server text not null
);
create index match_created on rollcall_store.match (created_at_ms, id);
create index match_state on rollcall_store.match (state, created_at_ms, id);
create index match_mode on rollcall_store.match (mode, created_at_ms, id);
create index match_region on rollcall_store.match (region, created_at_ms, id) where region is not null;

-- Who has or had a part in which match, as host or by joining, with the time of the match to sort by.
create table rollcall_store.match_player (
  match_id uuid not null,
  player_id uuid not null,
  created_at_ms bigint not null,
  primary key (match_id, player_id)
);
create index match_player_player on rollcall_store.match_player (player_id, created_at_ms, match_id);

create table rollcall_store.conflict (
  id uuid primary key,
  -- What it was derived from, and is replaced with.
  scope text collate "C" not null,
  kind text not null,
  document_ids uuid[] not null,
  -- Of the latest candidate.
  stamp text collate "C" not null,
  -- The conflict itself.
  body jsonb not null
);
create index conflict_scope on rollcall_store.conflict (scope);
create index conflict_stamp on rollcall_store.conflict (stamp, id);
create index conflict_kind on rollcall_store.conflict (kind, stamp, id);
create index conflict_document on rollcall_store.conflict using gin (document_ids) with (fastupdate = off);

-- Down Migration

drop table rollcall_store.conflict, rollcall_store.match_player, rollcall_store.match, rollcall_store.claim,
  rollcall_store.player;
