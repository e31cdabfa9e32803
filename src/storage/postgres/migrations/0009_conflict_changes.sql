-- Up Migration

-- The changes that wrote a conflict's candidates, so that those of a page of a history are found by it.
alter table rollcall_store.conflict add column changes text[] not null default '{}';
update rollcall_store.conflict set changes = array(
  select candidate ->> 'change' from jsonb_array_elements(body -> 'candidates') candidate
  where candidate ? 'change');
create index conflict_changes on rollcall_store.conflict using gin (changes) with (fastupdate = off)
  where changes <> '{}';

-- Down Migration

alter table rollcall_store.conflict drop column changes;
