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

-- The version vector: up to which sequence the entries of each origin are held, here and by every member, and
-- whose incarnation it is.
create table rollcall_store.origin (
  id uuid primary key,
  server text,
  last_sequence bigint not null,
  stable_sequence bigint not null
);

-- The replicated log. Of an erased document the bodies are empty and the hashes null.
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
  state_digest bytea,
  -- The hash of its conflicts of kind field; null when it has none.
  field_conflicts_digest bytea,
  -- An id is remembered for ever, so that nothing that arrives late brings the document back.
  erased boolean not null
);

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
