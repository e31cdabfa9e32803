-- Up Migration

-- What was asked with an idempotency key, for a day (IDM1): hashes, and which change answered it. Nothing of what the
-- request said, and nothing at all of an erased document.
create table rollcall_store.request (
  -- SHA-256 of the caller and its key, and of all that was asked, salted with both.
  key bytea primary key,
  fingerprint bytea not null,
  document_id uuid not null,
  change bytea not null,
  created_at_ms bigint not null
);
create index request_created on rollcall_store.request (created_at_ms);
create index request_document on rollcall_store.request (document_id);

-- Down Migration

drop table rollcall_store.request;
