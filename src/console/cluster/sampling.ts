/** The cluster's last hours, as the server kept them: asked for once, and then for what came since. */
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ClusterSamplesAnswer } from "../../http/contract/cluster.ts";
import { withQuery } from "../api/queries.ts";
import { request } from "../api/request.ts";
import { joined, type Sample } from "./samples.ts";

const PATH = "/v1/cluster/samples";
/** As often as there is a new one. */
const EVERY_MS = 5_000;

export function useClusterSamples(): UseQueryResult<readonly Sample[]> {
  const queries = useQueryClient();
  return useQuery({
    queryKey: [PATH],
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<readonly Sample[]>([PATH]) ?? [];
      const since = known.at(-1)?.at ?? "";
      const { items } = await request<ClusterSamplesAnswer>(withQuery(PATH, { since }), { signal });
      return joined(known, items);
    },
    refetchInterval: EVERY_MS,
  });
}
