/** The history of a record: the graph, what a change set, what lies between two, and the record at any point. */
import { type ReactNode, useEffect, useMemo } from "react";
import { Link } from "wouter";
import type { DocumentAnswer, HistoryAnswer, RecordedChangeAnswer } from "../../http/contract/history.ts";
import { useApi, usePages } from "../api/queries.ts";
import { MergeGraph } from "../graph/merge-graph.tsx";
import { ChangeDetails } from "../parts/change-details.tsx";
import { useFilters } from "../parts/filters.tsx";
import { MorePages } from "../parts/paged-table.tsx";
import { RecordAt } from "../parts/record-at.tsx";
import { useRecordTitle } from "../parts/record-title.ts";
import { Answered, Failure } from "../parts/states.tsx";
import { Title } from "../parts/title.tsx";
import { countText } from "../parts/words.ts";

/** Changes that are asked for without being asked: what a graph is drawn of at once. */
const CHANGES_SHOWN = 5_000;
const PAGE_CHANGES = 1_000;

export function DocumentPage({ id }: { readonly id: string }): ReactNode {
  const document = useApi<DocumentAnswer>(`/v1/documents/${id}`);
  const title = `History of ${useRecordTitle(id)}`;
  const pages = usePages<RecordedChangeAnswer, HistoryAnswer>(`/v1/documents/${id}/history`, PAGE_CHANGES);
  const [places, set] = useFilters(["change", "compare"]);
  const changes = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const total = pages.data?.pages.at(-1)?.total ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const wantsMore = hasNextPage && !isFetchingNextPage && changes.length < CHANGES_SHOWN;
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);

  const { change: asked = "", compare: compared = "" } = places;
  const selected = asked || (changes[0]?.hash ?? "");
  const change = changes.find(({ hash }) => hash === selected);

  return (
    <>
      <Title>{title}</Title>
      <h1>{title}</h1>
      <p className="dim">
        <code>{id}</code>
      </p>
      <Answered query={document}>
        {(answer) => (
          <>
            <p className="links">
              <Link href={answer.kind === "player" ? `/players/${id}` : `/matches/${id}`}>
                The {answer.kind} as it is
              </Link>
              <Link href={`/conflicts?documentId=${id}`}>Its conflicts</Link>
              <Link href={`/audit?documentId=${id}`}>What operators did</Link>
              <span className="dim">
                {changes.length < total && `${changes.length.toLocaleString("en")} of `}
                {countText(total, "change")}
              </span>
            </p>
            {pages.error && <Failure error={pages.error} onRetry={pages.refetch} />}
            <div className="history">
              <MergeGraph
                changes={changes}
                selected={selected}
                compared={compared}
                onSelect={(hash) => set("change", hash)}
              />
              <div className="details">
                {change ? (
                  <ChangeDetails
                    document={answer}
                    canCompare={changes.length > 1}
                    change={change}
                    compared={compared}
                    onCompare={(hash) => set("compare", hash)}
                  />
                ) : (
                  <p className="state">
                    {pages.isPending ? "Loading …" : "This change is not among those shown."}
                  </p>
                )}
              </div>
            </div>
            {changes.length < CHANGES_SHOWN ? null : <MorePages pages={pages} />}
            <RecordAt
              documentId={id}
              changes={changes}
              selected={selected}
              onSelect={(hash) => set("change", hash)}
            />
          </>
        )}
      </Answered>
    </>
  );
}
