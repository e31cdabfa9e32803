/** The leaderboard of a mode. */
import type { ReactNode } from "react";
import type { LeaderboardAnswer } from "../../http/contract/board.ts";
import { TextFilter, useFilters } from "../parts/filters.tsx";
import { PagedTable, type TableColumn } from "../parts/paged-table.tsx";
import { Empty } from "../parts/states.tsx";
import { PlayerLink } from "../parts/text.tsx";

type Leader = LeaderboardAnswer["items"][number];

const RATING_DIGITS = 2;
const COLUMNS: readonly TableColumn<Leader>[] = [
  { name: "Rank", cell: ({ rank }) => rank, isNumber: true },
  { name: "Player", cell: ({ playerId, username }) => <PlayerLink id={playerId} name={username} /> },
  { name: "Rating", cell: ({ rating }) => rating.toFixed(RATING_DIGITS), isNumber: true },
  { name: "Matches", cell: ({ matches }) => matches, isNumber: true },
  { name: "Wins", cell: ({ wins }) => wins, isNumber: true },
  { name: "Losses", cell: ({ losses }) => losses, isNumber: true },
  { name: "Draws", cell: ({ draws }) => draws, isNumber: true },
];

export function LeaderboardsPage(): ReactNode {
  const [{ mode = "" }, setFilter] = useFilters(["mode"]);
  return (
    <>
      <h1>Leaderboards</h1>
      <search className="filters">
        <TextFilter label="Mode" value={mode} onChange={(value) => setFilter("mode", value)} />
      </search>
      {mode === "" ? (
        <Empty>Name the mode whose leaderboard to show, such as one in the list of matches.</Empty>
      ) : (
        <PagedTable
          path={`/v1/leaderboards/${encodeURIComponent(mode)}`}
          label={`Leaderboard of ${mode}`}
          columns={COLUMNS}
          keyOf={({ playerId }) => playerId}
          nothing="No match of this mode has counted yet."
        />
      )}
    </>
  );
}
