/** Looks at the cluster every few seconds as long as somebody is signed in, whichever page is shown. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ClusterAnswer, DigestAnswer } from "../../http/contract/cluster.ts";
import { useApi } from "../api/queries.ts";
import { type Sample, withSample } from "./samples.ts";

export const EVERY_MS = 2_000;
const MS_PER_SECOND = 1_000;

/** They outlive any page's turn at being shown. */
let samples: readonly Sample[] = [];

export function useSampledCluster(): {
  readonly cluster: UseQueryResult<ClusterAnswer>;
  readonly digest: UseQueryResult<DigestAnswer>;
  readonly samples: readonly Sample[];
} {
  const cluster = useApi<ClusterAnswer>("/v1/cluster", { everyMs: EVERY_MS });
  const digest = useApi<DigestAnswer>("/v1/cluster/digest", { everyMs: EVERY_MS });
  const [shown, setShown] = useState(samples);
  const { data, dataUpdatedAt } = cluster;
  const entries = digest.data?.entries ?? null;
  useEffect(() => {
    if (data && samples.at(-1)?.at !== dataUpdatedAt / MS_PER_SECOND) {
      samples = withSample(samples, data, entries, dataUpdatedAt);
    }
    setShown(samples);
  }, [data, dataUpdatedAt, entries]);
  return { cluster, digest, samples: shown };
}
