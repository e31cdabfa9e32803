/** What rules had to decide between: filtered, each opens to its candidates. */
import type { ReactNode } from "react";
import type { ClusterAnswer } from "../../http/contract/cluster.ts";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import { useApi, usePages, withQuery } from "../api/queries.ts";
import { ConflictDetails } from "../parts/conflict-details.tsx";
import { ChoiceFilter, MomentFilter, useFilters } from "../parts/filters.tsx";
import { MorePages } from "../parts/paged-table.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { Badge, When } from "../parts/text.tsx";
import { momentIn } from "../parts/words.ts";

const KINDS = ["field", "username", "identity", "seat", "result"];

export function ConflictsPage(): ReactNode {
  const [filters, setFilter] = useFilters(["kind", "server", "since"]);
  const { kind = "", server = "" } = filters;
  const since = momentIn(filters.since ?? "");
  const cluster = useApi<ClusterAnswer>("/v1/cluster");
  const servers = cluster.data?.members.map(({ name }) => name).sort() ?? [];
  const pages = usePages<ConflictAnswer>(withQuery("/v1/conflicts", { kind, server, since }));
  return (
    <>
      <h1>Conflicts</h1>
      <p className="dim">What was written on several sides at once, and what stands.</p>
      <search className="filters">
        <ChoiceFilter
          label="Kind"
          value={kind}
          choices={KINDS}
          onChange={(value) => setFilter("kind", value)}
        />
        <ChoiceFilter
          label="Written at"
          value={server}
          choices={servers}
          onChange={(value) => setFilter("server", value)}
        />
        <MomentFilter label="Since" value={since} onChange={(value) => setFilter("since", value)} />
      </search>
      <Answered query={pages}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          return (
            <>
              {items.length === 0 && !pages.hasNextPage ? (
                <Empty>Nothing had to be decided.</Empty>
              ) : (
                <ul className="conflicts">
                  {items.map((conflict) => (
                    <ConflictItem key={conflict.id} conflict={conflict} />
                  ))}
                </ul>
              )}
              <MorePages pages={pages} />
            </>
          );
        }}
      </Answered>
    </>
  );
}

/** Which ones are open stands in the address. */
function ConflictItem({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const [{ open = "" }, set] = useFilters(["open"]);
  const isOpen = open === conflict.id;
  const latest = conflict.candidates
    .map(({ at }) => at)
    .sort()
    .at(-1);
  return (
    <li>
      <details
        open={isOpen}
        onToggle={(event) => {
          const opened = event.currentTarget.open;
          if (opened !== isOpen) set("open", opened ? conflict.id : "");
        }}
      >
        <summary>
          <Badge kind={conflict.kind}>{conflict.kind}</Badge>
          <span className="what">{conflict.path ?? String(conflict.candidates[0]?.value ?? "")}</span>
          <span className="dim">
            {conflict.candidates.length} candidates, <When at={latest} />
          </span>
        </summary>
        {isOpen && <ConflictDetails conflict={conflict} />}
      </details>
    </li>
  );
}
