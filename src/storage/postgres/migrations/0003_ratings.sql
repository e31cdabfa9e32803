-- Up Migration

-- Ratings, folded from the matches that count. A board is a mode's leaderboard with the skills after each match.

-- The board in force of each mode: one row a mode. The key refuses an update that was made from another revision.
create table rollcall_store.rating_board (
  mode text collate "C" not null,
  revision bigint not null,
  board bigint not null,
  primary key (mode, revision)
);

create sequence rollcall_store.rating_board_number;

-- Boards that are being made, or were replaced: to be emptied unless they come in force.
create table rollcall_store.rating_spare (
  board bigint primary key
);

-- Each participant's skill after each match.
create table rollcall_store.match_rating (
  board bigint not null,
  finished_at text collate "C" not null,
  match_id uuid not null,
  player_id uuid not null,
  mu double precision not null,
  sigma double precision not null,
  matches bigint not null,
  wins bigint not null,
  losses bigint not null,
  draws bigint not null,
  primary key (board, finished_at, match_id, player_id)
);
create index match_rating_player on rollcall_store.match_rating (board, player_id, finished_at, match_id);

create table rollcall_store.rating (
  player_id uuid not null,
  board bigint not null,
  mu double precision not null,
  sigma double precision not null,
  rating double precision not null,
  matches bigint not null,
  wins bigint not null,
  losses bigint not null,
  draws bigint not null,
  primary key (player_id, board)
);
create index rating_rank on rollcall_store.rating (board, (-rating), player_id);

-- Where modes have to be folded again from. Only ever added to; a fold removes those that it began with.
create table rollcall_store.rating_mark (
  version bigint generated always as identity primary key,
  mode text collate "C" not null,
  finished_at text collate "C" not null,
  match_id uuid not null
);

create index match_counted on rollcall_store.match (mode, finished_at, id)
  where state = 'finished' and result_status = 'settled';
create index match_ranked on rollcall_store.match using gin (ranks)
  where state = 'finished' and result_status = 'settled';

-- Down Migration

drop index rollcall_store.match_counted, rollcall_store.match_ranked;
drop table rollcall_store.rating_mark, rollcall_store.rating, rollcall_store.match_rating,
  rollcall_store.rating_spare, rollcall_store.rating_board;
drop sequence rollcall_store.rating_board_number;
