/** All players: searched by name as one types, filtered, page after page. */
import type { ReactNode } from "react";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { withQuery } from "../api/queries.ts";
import { ChoiceFilter, TextFilter, useFilters } from "../parts/filters.tsx";
import { PagedTable, type TableColumn } from "../parts/paged-table.tsx";
import { Badge, PlayerLink, When } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";

const COLUMNS: readonly TableColumn<PlayerAnswer>[] = [
  { name: "Player", cell: ({ id, handle }) => <PlayerLink id={id} name={handle} /> },
  { name: "Display name", cell: ({ displayName }) => displayName ?? "" },
  { name: "Claim", cell: ({ usernameStatus }) => <Badge kind={usernameStatus}>{usernameStatus}</Badge> },
  { name: "Status", cell: ({ status }) => <Badge kind={status}>{status}</Badge> },
  { name: "Region", cell: ({ region }) => region ?? "" },
  { name: "Platform", cell: ({ platform }) => platform ?? "" },
  { name: "Registered at", cell: ({ homeServer }) => homeServer },
  { name: "When", cell: ({ createdAt }) => <When at={createdAt} /> },
];

export function PlayersPage(): ReactNode {
  const [filters, setFilter] = useFilters(["prefix", "region", "platform", "status"]);
  const { prefix = "", region = "", platform = "", status = "" } = filters;
  return (
    <>
      <Title>Players</Title>
      <h1>Players</h1>
      <search className="filters">
        <TextFilter
          label="Name begins with"
          value={prefix}
          onChange={(value) => setFilter("prefix", value)}
        />
        <TextFilter label="Region" value={region} onChange={(value) => setFilter("region", value)} />
        <TextFilter label="Platform" value={platform} onChange={(value) => setFilter("platform", value)} />
        <ChoiceFilter
          label="Status"
          value={status}
          choices={["active", "banned"]}
          onChange={(value) => setFilter("status", value)}
        />
      </search>
      <p className="hint">
        Sorted by {prefix === "" ? "id" : "name"}. A claim of a name is <em>provisional</em> until every
        server has heard of it, then <em>confirmed</em>; or it is <em>lost</em>, to a player who claimed the
        name earlier.
      </p>
      <PagedTable
        path={withQuery("/v1/players", filters)}
        label="Players"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        nothing="Nobody has registered yet."
        noneFits="No player fits."
      />
    </>
  );
}
