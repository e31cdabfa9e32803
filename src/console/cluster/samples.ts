/** What the answering server kept of the cluster's last hours, as the columns that charts are drawn of. */
import type { ClusterSamplesAnswer } from "../../http/contract/cluster.ts";

export type Sample = ClusterSamplesAnswer["items"][number];

export interface Columns {
  readonly names: readonly string[];
  /** Times in seconds since 1970, then one column a name; null where it was not known. */
  readonly data: readonly (readonly (number | null)[])[];
}

/** As many as a server keeps: four hours of one every five seconds. */
const SAMPLES_MAX = 2_880;
const QUEUES: Readonly<Record<string, string>> = {
  writesWaiting: "writes waiting",
  unstored: "not stored yet",
  asking: "pages asked for",
  unacknowledged: "not acknowledged",
};
const MS_PER_SECOND = 1_000;

/** With those that came since. A server that began anew has forgotten what is known here. */
export function joined(known: readonly Sample[], later: readonly Sample[]): readonly Sample[] {
  return [...known, ...later].slice(-SAMPLES_MAX);
}

/** Of each server what it lacked. */
export function lagColumns(samples: readonly Sample[], of: "entriesBehind" | "secondsBehind"): Columns {
  const byName = samples.map(({ members }) => new Map(members.map((member) => [member.name, member[of]])));
  return columnsOf(samples, byName);
}

export function queueColumns(samples: readonly Sample[]): Columns {
  return columnsOf(
    samples,
    samples.map(
      ({ queues }) => new Map(Object.entries(queues).map(([name, count]) => [queueText(name), count])),
    ),
  );
}

/** How many entries a second came to be held, and how many of them the server wrote itself. */
export function rateColumns(samples: readonly Sample[]): Columns {
  return {
    names: ["all", "written here"],
    data: [timesOf(samples), ratesOf(samples, "entries"), ratesOf(samples, "written")],
  };
}

/** Now; null where it is not known. */
export function latestRate(samples: readonly Sample[]): number | null {
  return ratesOf(samples.slice(-2), "entries").at(-1) ?? null;
}

/** A queue as people call it. */
export function queueText(name: string): string {
  return QUEUES[name] ?? name;
}

function columnsOf(
  samples: readonly Sample[],
  byName: readonly ReadonlyMap<string, number | null>[],
): Columns {
  const names = [...new Set(byName.flatMap((values) => [...values.keys()]))].sort();
  const series = names.map((name) => byName.map((values) => values.get(name) ?? null));
  return { names, data: [timesOf(samples), ...series] };
}

function timesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ at }) => Date.parse(at) / MS_PER_SECOND);
}

/** What a server that began anew has written grows from nothing again. */
function ratesOf(samples: readonly Sample[], of: "entries" | "written"): (number | null)[] {
  const times = timesOf(samples);
  return samples.map((sample, index) => {
    const [before, now] = [samples[index - 1]?.[of] ?? null, sample[of]];
    const seconds = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (before === null || now === null || seconds <= 0) return null;
    return Math.max(0, now - before) / seconds;
  });
}
