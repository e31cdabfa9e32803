/** What rules had to decide between: filtered, each opens to its candidates. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ClusterAnswer } from "../../http/contract/cluster.ts";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import { useApi, usePages, withQuery } from "../api/queries.ts";
import { ConflictDetails } from "../parts/conflict-details.tsx";
import { ChoiceFilter, FoldedFilters, MomentFilter, useFilters } from "../parts/filters.tsx";
import { MorePages } from "../parts/paged-table.tsx";
import { RULES } from "../parts/rules.ts";
import { Answered, Empty } from "../parts/states.tsx";
import { Badge, Value, When } from "../parts/text.tsx";
import { countText, momentIn, shortId } from "../parts/words.ts";

const RULE_CHOICES = Object.entries(RULES).map(([kind, { name }]) => [kind, name] as const);

export function ConflictsPage(): ReactNode {
  const [filters, setFilter] = useFilters(["kind", "server", "since", "until", "documentId", "open"]);
  const { kind = "", server = "", documentId = "", open = "" } = filters;
  const since = momentIn(filters.since ?? "");
  const until = momentIn(filters.until ?? "");
  const cluster = useApi<ClusterAnswer>("/v1/cluster");
  const servers = cluster.data?.members.map(({ name }) => name).sort() ?? [];
  const list =
    documentId === "" ? "/v1/conflicts" : `/v1/documents/${encodeURIComponent(documentId)}/conflicts`;
  const pages = usePages<ConflictAnswer>(withQuery(list, { kind, server, since, until }));
  const set = [kind, server, since, until];
  return (
    <>
      <h1>Conflicts</h1>
      <p className="dim">What was written on several sides at once, and what stands.</p>
      <FoldedFilters values={set}>
        <ChoiceFilter
          label="Rule"
          value={kind}
          choices={RULE_CHOICES}
          isWide
          onChange={(value) => setFilter("kind", value)}
        />
        <ChoiceFilter
          label="Written at"
          isWide
          value={server}
          choices={servers}
          onChange={(value) => setFilter("server", value)}
        />
        <MomentFilter label="Since" value={since} onChange={(value) => setFilter("since", value)} />
        <MomentFilter label="Until" value={until} onChange={(value) => setFilter("until", value)} />
      </FoldedFilters>
      {documentId !== "" && (
        <p className="actions alone">
          <span className="dim">
            Of record <code title={documentId}>{shortId(documentId)}</code> alone.
          </span>
          <button type="button" className="quiet" onClick={() => setFilter("documentId", "")}>
            Of all records
          </button>
        </p>
      )}
      <Answered query={pages}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          const isMissing = open !== "" && !items.some(({ id }) => id === open);
          return (
            <>
              {isMissing && (
                <p className="notes">
                  The conflict that was opened is over, or not among those shown: once a name or an account
                  has one player again, there is none.
                </p>
              )}
              {items.length === 0 && !pages.hasNextPage ? (
                <Empty>
                  {set.every((value) => value === "") ? (
                    "Nothing had to be decided."
                  ) : (
                    <>
                      No conflict fits. <Link href="/conflicts">Show all</Link>
                    </>
                  )}
                </Empty>
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
          <Subject conflict={conflict} />
          <span className="dim">
            {countText(conflict.candidates.length, "candidate")} at {serversOf(conflict)},{" "}
            <When at={latest} />
          </span>
        </summary>
        {isOpen && <ConflictDetails conflict={conflict} />}
      </details>
    </li>
  );
}

function Subject({
  conflict: { kind, path, candidates, winner, documentId },
}: {
  readonly conflict: ConflictAnswer;
}) {
  switch (kind) {
    case "field":
      return (
        <span className="what">
          {path} <Value of={winner} /> <span className="of">of {shortId(documentId)}</span>
        </span>
      );
    case "username":
    case "identity":
      return <span className="what">{String(candidates[0]?.value ?? "")}</span>;
    case "seat":
      return <span className="what">the seats of match {shortId(documentId)}</span>;
    case "result":
      return <span className="what">the result of match {shortId(documentId)}</span>;
  }
}

function serversOf({ candidates }: ConflictAnswer): string {
  return [...new Set(candidates.map(({ server }) => server ?? "?"))].sort().join(", ");
}
