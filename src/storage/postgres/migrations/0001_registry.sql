-- Up Migration

-- What Rollcall keeps for itself. Nobody outside relies on this schema; it changes with any version.
create schema rollcall_store;

-- One row: whose database this is, and the running totals that make the digest free to ask for.
create table rollcall_store.server (
  singleton boolean primary key default true check (singleton),
  realm text not null,
  -- The last stamp of the hybrid logical clock: 16 hexadecimal digits.
  clock text not null,
  documents bigint not null,
  entries bigint not null,
  heads_digest bytea not null,
  state_digest bytea not null
);

-- The version vector: up to which sequence the entries of each origin are held, and whose incarnation it is.
create table rollcall_store.origin (
  id uuid primary key,
  server text,
  last_sequence bigint not null
);

-- The replicated log.
create table rollcall_store.entry (
  origin uuid not null,
  sequence bigint not null,
  kind smallint not null,
  version smallint not null,
  document_id uuid,
  hash bytea,
  body bytea not null,
  primary key (origin, sequence)
);
-- Change hashes and Automerge's columns do not compress; trying costs time on every insert.
alter table rollcall_store.entry alter column body set storage external;
create index entry_document on rollcall_store.entry (document_id) where document_id is not null;

-- One row for every document that has an entry; without heads until a change of it could be applied.
create table rollcall_store.document (
  id uuid primary key,
  kind smallint not null,
  -- The heads, sorted, 32 bytes each.
  heads bytea not null,
  -- The hash of the projected state, as it stands in the state digest; null while there is none.
  state_digest bytea
);

-- The projection of player documents.
create table rollcall_store.player (
  id uuid primary key,
  username text,
  username_key text collate "C",
  display_name text,
  region text,
  platform text,
  status text not null,
  metadata jsonb not null,
  identities jsonb not null,
  -- Milliseconds since 1970; a timestamptz made of them is not exact for all times.
  created_at_ms bigint not null,
  home_server text not null
);
create index player_username on rollcall_store.player (username_key, id) where username_key is not null;
create index player_region on rollcall_store.player (region, id) where region is not null;
create index player_platform on rollcall_store.player (platform, id) where platform is not null;
create index player_status on rollcall_store.player (status, id) where status <> 'active';

-- Entries that could not be verified or applied, with the reason; their bytes stand in the log.
create table rollcall_store.quarantine (
  origin uuid not null,
  sequence bigint not null,
  reason text not null,
  detail text not null,
  at timestamptz not null default now(),
  primary key (origin, sequence)
);

-- Down Migration

drop schema rollcall_store cascade;
