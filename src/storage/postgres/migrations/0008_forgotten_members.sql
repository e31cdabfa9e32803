-- Up Migration

-- The server's name where the origin is an incarnation of a member that was forgotten; nothing may be held of it.
alter table rollcall_store.origin add column forgotten_as text;

-- Down Migration

alter table rollcall_store.origin drop column forgotten_as;
