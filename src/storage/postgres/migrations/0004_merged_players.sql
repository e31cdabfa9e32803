-- Up Migration

-- Those who survive in another: few, and found by that one to know whether anybody of a merge group is there.
create index player_merged on rollcall_store.player (survivor_id) where survivor_id <> id;

-- Down Migration

drop index rollcall_store.player_merged;
