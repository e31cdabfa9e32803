/** A list as a table, page after page. On a narrow screen each row is a block of its own. */
import type { ReactNode } from "react";
import { usePages } from "../api/queries.ts";
import { Answered, Empty } from "./states.tsx";

export interface TableColumn<Item> {
  readonly name: string;
  readonly cell: (item: Item) => ReactNode;
  /** Of numbers, which stand under each other. */
  readonly isNumber?: boolean;
}

export interface PagedTableProps<Item> {
  /** With its filters. */
  readonly path: string;
  readonly label: string;
  readonly columns: readonly TableColumn<Item>[];
  readonly keyOf: (item: Item) => string;
  /** What is said when there is nothing. */
  readonly nothing: string;
  /** And where the path has filters. */
  readonly noneFits?: string;
}

export function PagedTable<Item>({
  path,
  label,
  columns,
  keyOf,
  nothing,
  noneFits = nothing,
}: PagedTableProps<Item>): ReactNode {
  const pages = usePages<Item>(path);
  return (
    <Answered query={pages}>
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        return (
          <>
            {items.length === 0 && !pages.hasNextPage ? (
              <Empty>{path.includes("?") ? noneFits : nothing}</Empty>
            ) : (
              <table aria-label={label}>
                <thead>
                  <tr>
                    {columns.map(({ name, isNumber }) => (
                      <th key={name} scope="col" className={isNumber ? "number" : undefined}>
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {items.map((item) => (
                    <tr key={keyOf(item)}>
                      {columns.map(({ name, cell, isNumber }) => (
                        <td key={name} data-name={name} className={isNumber ? "number" : undefined}>
                          {cell(item)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            <MorePages pages={pages} />
          </>
        );
      }}
    </Answered>
  );
}

export function MorePages({
  pages,
}: {
  readonly pages: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
}): ReactNode {
  if (!pages.hasNextPage) return null;
  return (
    <button
      type="button"
      className="more"
      disabled={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {pages.isFetchingNextPage ? "Loading …" : "More"}
    </button>
  );
}
