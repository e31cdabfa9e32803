/** How servers are doing, each as it says itself, and whether those that answer hold the same. */
import type { ClusterAnswer, DigestAnswer, MemberAnswer } from "../../http/contract/cluster.ts";
import { CommandError } from "../command-error.ts";
import { missingIn, union } from "../demo/missed-entries.ts";
import type { Condition, OperatorApi } from "./operator-api.ts";

export interface ServerStatus {
  readonly url: string;
  readonly state: Condition["state"] | "away";
  /** What is amiss, and why it tells less than it should. */
  readonly reasons: readonly string[];
  readonly cluster?: ClusterAnswer;
  readonly digest?: DigestAnswer;
}

export interface StatusReport {
  readonly servers: readonly ServerStatus[];
  /** By URL, how many entries a server lacks that it or another one knows of. */
  readonly behind: ReadonlyMap<string, number>;
  /**
   * `same`: all that answer hold the same entries and show the same; `different`: the same entries, and not the
   * same state, which must not be; `unknown`: not all of them say.
   */
  readonly agreement: "same" | "behind" | "different" | "unknown";
  /** Names of those that show the same, where they are `different`; none where they are not. */
  readonly alike: readonly (readonly string[])[];
  /** Members that those who were asked know of; none where one of them did not answer. */
  readonly notAsked: readonly string[];
}

export async function askServer(api: OperatorApi): Promise<ServerStatus> {
  const { url } = api;
  try {
    const { state, reasons } = await api.condition();
    const [cluster, digest] = await Promise.allSettled([api.cluster(), api.digest()]);
    return {
      url,
      state,
      reasons: [...new Set([...reasons, ...faultOf(cluster), ...faultOf(digest)])],
      ...(cluster.status === "fulfilled" && { cluster: cluster.value }),
      ...(digest.status === "fulfilled" && { digest: digest.value }),
    };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { url, state: "away", reasons: [error.message] };
  }
}

export function statusReport(servers: readonly ServerStatus[]): StatusReport {
  const digests = servers.flatMap(({ digest }) => (digest ? [digest] : []));
  const known = union(digests.map(({ versionVector }) => versionVector));
  const behind = new Map(
    servers.flatMap((server): [string, number][] => {
      const { url, digest } = server;
      if (!digest) return [];
      const told = selfOf(server)?.entriesBehind ?? 0;
      return [[url, Math.max(told, missingIn(digest.versionVector, known))]];
    }),
  );
  const names = new Set(servers.map(({ cluster }) => cluster?.server));
  // A member that was not asked may be the one that did not answer.
  const answered = servers.every(({ cluster }) => cluster !== undefined);
  const members = answered ? servers.flatMap(({ cluster }) => cluster?.members ?? []) : [];
  const notAsked = members.map(({ name }) => name).filter((name) => !names.has(name));
  const agreement = agreementOf(servers, digests, behind);
  return {
    servers,
    behind,
    agreement,
    alike: agreement === "different" ? alikeAmong(servers) : [],
    notAsked: [...new Set(notAsked)].sort(),
  };
}

/** The server as a member, in its own words. */
export function selfOf({ cluster }: ServerStatus): MemberAnswer | undefined {
  return cluster?.members.find(({ self }) => self);
}

function agreementOf(
  servers: readonly ServerStatus[],
  digests: readonly DigestAnswer[],
  behind: ReadonlyMap<string, number>,
): StatusReport["agreement"] {
  const [first] = digests;
  if (!first) return "unknown";
  if ([...behind.values()].some((entries) => entries > 0)) return "behind";
  const isSame = digests.every(
    ({ headsDigest, stateDigest }) => headsDigest === first.headsDigest && stateDigest === first.stateDigest,
  );
  if (!isSame) return "different";
  return digests.length < servers.length ? "unknown" : "same";
}

function alikeAmong(servers: readonly ServerStatus[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { url, cluster, digest } of servers) {
    if (!digest) continue;
    const shown = `${digest.headsDigest} ${digest.stateDigest}`;
    groups.set(shown, [...(groups.get(shown) ?? []), cluster?.server ?? url]);
  }
  return [...groups.values()];
}

function faultOf(asked: PromiseSettledResult<unknown>): string[] {
  if (asked.status === "fulfilled") return [];
  if (!(asked.reason instanceof CommandError)) throw asked.reason;
  return [asked.reason.message];
}
