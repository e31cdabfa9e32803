/** All matches, filtered, page after page. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { MatchAnswer } from "../../http/contract/match.ts";
import { withQuery } from "../api/queries.ts";
import { ChoiceFilter, TextFilter, useFilters } from "../parts/filters.tsx";
import { PagedTable, type TableColumn } from "../parts/paged-table.tsx";
import { Badge, MatchResult, When } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";
import { shortId } from "../parts/words.ts";

export const MATCH_COLUMNS: readonly TableColumn<MatchAnswer>[] = [
  {
    name: "Match",
    cell: ({ id }) => (
      <Link href={`/matches/${id}`} title={id}>
        <code>{shortId(id)}</code>
      </Link>
    ),
  },
  { name: "Mode", cell: ({ mode }) => mode },
  { name: "State", cell: ({ state }) => <Badge kind={state}>{state}</Badge> },
  { name: "Result", cell: (match) => <MatchResult of={match} /> },
  { name: "Seats", cell: ({ players, capacity }) => `${seatedOf(players)} of ${capacity}`, isNumber: true },
  { name: "Region", cell: ({ region }) => region ?? "" },
  { name: "Created at", cell: ({ homeServer }) => homeServer },
  { name: "When", cell: ({ createdAt }) => <When at={createdAt} /> },
];

export function MatchesPage(): ReactNode {
  const [filters, setFilter] = useFilters(["state", "mode", "region"]);
  const { state = "", mode = "", region = "" } = filters;
  return (
    <>
      <Title>Matches</Title>
      <h1>Matches</h1>
      <search className="filters">
        <ChoiceFilter
          label="State"
          value={state}
          choices={["open", "running", "finished", "cancelled", "expired"]}
          onChange={(value) => setFilter("state", value)}
        />
        <TextFilter label="Mode" value={mode} onChange={(value) => setFilter("mode", value)} />
        <TextFilter label="Region" value={region} onChange={(value) => setFilter("region", value)} />
      </search>
      <p className="hint">Newest first; open ones are listed while their host is heard.</p>
      <PagedTable
        path={withQuery("/v1/matches", filters)}
        label="Matches"
        columns={MATCH_COLUMNS}
        keyOf={({ id }) => id}
        nothing="No match was created yet."
        noneFits="No match fits."
      />
    </>
  );
}

function seatedOf(players: MatchAnswer["players"]): number {
  return players.filter(({ status }) => status === "seated").length;
}
