-- Up Migration

-- What others may read, by SQL: the views of schema rollcall. Their names, columns and meaning are kept from version
-- to version, and only added to; docs/sql-views.md is their reference. They show what anybody may see over REST.
-- Each reads from two things at least, so that PostgreSQL has no way to write through it.
create schema if not exists rollcall;

-- Exact for the years that RFC 3339 can write; what is before 1970 or after 9999 is shown as the first or the last.
create function rollcall_store.time_of(ms bigint) returns timestamptz language sql immutable parallel safe
  return case when ms is not null then
    to_timestamp((least(greatest(ms, 0), 253402300799999) / 1000)::double precision)
      + (least(greatest(ms, 0), 253402300799999) % 1000) * interval '1 millisecond'
  end;

-- The first 12 digits of a stamp are its milliseconds.
create function rollcall_store.stamp_time(stamp text) returns timestamptz language sql immutable parallel safe
  return rollcall_store.time_of(('x' || left(stamp, 12))::bit(48)::bigint);

create view rollcall.player as
  select
    p.id,
    case when c.owner_id = p.id then p.username end as username,
    case
      when p.username is null then 'none'
      when c.owner_id is distinct from p.id then 'lost'
      when coalesce(o.stable_sequence >= p.username_position_sequence, false) then 'confirmed'
      else 'provisional'
    end as username_status,
    case when c.owner_id = p.id then p.username else p.username || '#' || right(p.id::text, 4) end as handle,
    p.display_name,
    p.region::text as region,
    p.platform::text as platform,
    case
      when p.banned_until_ms > extract(epoch from clock_timestamp()) * 1000 then 'banned' else 'active'
    end as status,
    -- A ban for ever ends at the last time that a date can be, 8.64e15 ms.
    case
      when p.banned_until_ms >= 8640000000000000 then 'infinity' else rollcall_store.time_of(p.banned_until_ms)
    end as banned_until,
    p.metadata,
    rollcall_store.time_of(p.created_at_ms) as created_at,
    p.home_server
  from rollcall_store.player p
  left join rollcall_store.claim c on c.kind = 1 and c.key = p.username_key
  left join rollcall_store.origin o on o.id = p.username_position_origin
  where p.survivor_id = p.id;

create view rollcall.match as
  select
    m.id,
    m.mode::text as mode,
    m.region::text as region,
    m.capacity,
    m.state,
    m.host_id,
    m.address,
    m.metadata,
    m.result_status,
    m.ranks,
    rollcall_store.time_of(m.created_at_ms) as created_at,
    rollcall_store.stamp_time(m.started_at) as started_at,
    rollcall_store.stamp_time(m.finished_at) as finished_at,
    m.home_server
  from rollcall_store.match m join rollcall_store.document d on d.id = m.id;

create view rollcall.match_player as
  select
    s.match_id,
    s.player_id,
    coalesce(p.survivor_id, s.player_id) as rated_as,
    seat ->> 'status' as status,
    rollcall_store.stamp_time(seat ->> 'stamp') as joined_at,
    (m.ranks ->> s.player_id::text)::integer as rank
  from rollcall_store.match_player s
  join rollcall_store.match m on m.id = s.match_id
  cross join lateral (
    select each as seat from jsonb_array_elements(m.seats) as each
    where each ->> 'playerId' = s.player_id::text limit 1
  ) taken
  left join rollcall_store.player p on p.id = s.player_id;

create view rollcall.rating as
  select
    r.player_id,
    b.mode::text as mode,
    r.rating,
    r.matches,
    r.wins,
    r.losses,
    r.draws
  from rollcall_store.rating_board b
  join rollcall_store.rating r on r.board = b.board
  left join rollcall_store.document d on d.id = r.player_id
  where d.erased is not true;

create view rollcall.conflict as
  select
    c.id,
    c.kind,
    (c.body ->> 'documentId')::uuid as document_id,
    c.document_ids,
    c.body ->> 'path' as path,
    contended.candidates,
    c.body -> 'winner' as winner,
    c.body ->> 'rule' as rule,
    rollcall_store.stamp_time(c.stamp) as at
  from rollcall_store.conflict c
  cross join lateral (
    select jsonb_agg(
      candidate - 'origin' - 'stamp' || jsonb_build_object(
        'server', o.server,
        'at', to_char(rollcall_store.stamp_time(candidate ->> 'stamp') at time zone 'UTC',
          'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ) order by place
    ) as candidates
    from jsonb_array_elements(c.body -> 'candidates') with ordinality as listed (candidate, place)
    left join rollcall_store.origin o on o.id = (candidate ->> 'origin')::uuid
  ) contended;

comment on schema rollcall is 'Read-only views, kept from version to version: docs/sql-views.md';

-- Down Migration

drop view rollcall.conflict, rollcall.rating, rollcall.match_player, rollcall.match, rollcall.player;
drop schema rollcall;
drop function rollcall_store.stamp_time(text), rollcall_store.time_of(bigint);
