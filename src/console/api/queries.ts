/** What pages ask for, by path: kept while it is shown, and asked for again when an event says that it changed. */
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { request } from "./request.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export function useApi<Answer>(
  path: string,
  { everyMs, isOn = true }: { readonly everyMs?: number; readonly isOn?: boolean } = {},
): UseQueryResult<Answer> {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => request<Answer>(path, { signal }),
    enabled: isOn,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  });
}

/** A list, page after page. */
export function usePages<Item, ItemPage extends Page<Item> = Page<Item>>(
  path: string,
  limit = 50,
): UseInfiniteQueryResult<InfiniteData<ItemPage>> {
  return useInfiniteQuery({
    queryKey: [path, "pages"],
    queryFn: ({ pageParam, signal }) =>
      request<ItemPage>(withQuery(path, { limit, cursor: pageParam }), { signal }),
    initialPageParam: "",
    getNextPageParam: (last: ItemPage) => last.next,
  });
}

/** Empty values are left out. */
export function withQuery(path: string, values: { readonly [name: string]: string | number }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== "") query.set(name, String(value));
  if (query.size === 0) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}
