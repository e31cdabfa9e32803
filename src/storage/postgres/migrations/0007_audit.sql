-- Up Migration

-- What operators did, beside the changes that it made. Of an erased document only that it was erased.
create table rollcall_store.audit (
  -- Of the entry that says so.
  origin uuid not null,
  sequence bigint not null,
  stamp text collate "C" not null,
  action text collate "C" not null,
  document_id uuid,
  -- The record itself.
  body jsonb not null,
  primary key (origin, sequence)
);
create index audit_stamp on rollcall_store.audit (stamp, origin, sequence);
create index audit_action on rollcall_store.audit (action, stamp, origin, sequence);
create index audit_document on rollcall_store.audit (document_id, stamp) where document_id is not null;

-- Down Migration

drop table rollcall_store.audit;
