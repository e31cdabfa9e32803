/** The modes that somebody is rated in, and the ranking in one of them: the first, until another is chosen. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { LeaderboardAnswer, RatedModesAnswer } from "../../http/contract/board.ts";
import { usePages, withQuery } from "../api/queries.ts";
import { useFilters } from "../parts/filters.tsx";
import { MorePages, PagedTable, type TableColumn } from "../parts/paged-table.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { PlayerLink } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";

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
  const [{ mode: chosen = "" }] = useFilters(["mode"]);
  const pages = usePages<RatedModesAnswer["items"][number]>("/v1/leaderboards");
  return (
    <>
      <Title>{chosen === "" ? "Leaderboards" : `Leaderboard of ${chosen}`}</Title>
      <h1>Leaderboards</h1>
      <Answered query={pages}>
        {(data) => {
          const modes = data.pages.flatMap(({ items }) => items.map(({ mode }) => mode));
          const mode = chosen || modes[0];
          if (mode === undefined) return <Empty>Nobody is rated yet: no match has counted.</Empty>;
          return (
            <>
              <nav className="modes" aria-label="Modes">
                {modes.map((name) => (
                  <Link
                    key={name}
                    href={withQuery("/leaderboards", { mode: name })}
                    aria-current={name === mode ? "page" : undefined}
                  >
                    {name}
                  </Link>
                ))}
                <MorePages pages={pages} />
              </nav>
              <PagedTable
                path={`/v1/leaderboards/${encodeURIComponent(mode)}`}
                label={`Leaderboard of ${mode}`}
                columns={COLUMNS}
                keyOf={({ playerId }) => playerId}
                nothing={`Nobody is ranked in ${mode}.`}
              />
            </>
          );
        }}
      </Answered>
    </>
  );
}
