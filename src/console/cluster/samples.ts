/** What the page saw of the cluster since it was opened, every two seconds, for hours: the charts are drawn of it. */
import type { ClusterAnswer } from "../../http/contract/cluster.ts";

export interface Sample {
  /** Seconds since 1970. */
  readonly at: number;
  /** By server: entries that it lacks. */
  readonly behind: Readonly<Record<string, number>>;
  /** That the answering server holds; null where it did not say. */
  readonly entries: number | null;
}

/** Four hours of a sample every two seconds. */
const SAMPLES_MAX = 7_200;
const MS_PER_SECOND = 1_000;

export function withSample(
  samples: readonly Sample[],
  { members }: Pick<ClusterAnswer, "members">,
  entries: number | null,
  nowMs: number,
): readonly Sample[] {
  const behind = Object.fromEntries(members.map(({ name, entriesBehind }) => [name, entriesBehind]));
  const sample: Sample = { at: nowMs / MS_PER_SECOND, behind, entries };
  return [...samples.slice(1 - SAMPLES_MAX), sample];
}

/** As columns: times, then of each server what it lacks; null where it was not known. */
export function lagColumns(samples: readonly Sample[]): {
  readonly names: string[];
  readonly data: (number | null)[][];
} {
  const names = [...new Set(samples.flatMap(({ behind }) => Object.keys(behind)))].sort();
  const series = names.map((name) => samples.map(({ behind }) => behind[name] ?? null));
  return { names, data: [samples.map(({ at }) => at), ...series] };
}

/** Times, and how many entries a second came to be held. */
export function rateColumns(samples: readonly Sample[]): (number | null)[][] {
  const rates = samples.map((sample, index) => {
    const before = samples[index - 1];
    if (!before || before.entries === null || sample.entries === null || sample.at <= before.at) return null;
    return Math.max(0, sample.entries - before.entries) / (sample.at - before.at);
  });
  return [samples.map(({ at }) => at), rates];
}
