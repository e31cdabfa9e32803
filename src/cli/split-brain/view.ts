/** What there is to see of a run at a moment. */
import type { History, Outcome, RecordedFault } from "../../lab/history.ts";
import type { FaultProxy } from "../../lab/proxy/fault-proxy.ts";
import type { Step } from "../../lab/run.ts";
import type { Server, World } from "../../lab/world/world.ts";

/** `refused`: connections are reset, and none is taken; `ailing`: it is slow, narrow, or breaks off. */
export type LinkState = "heard" | "cut" | "refused" | "ailing";

export interface View {
  readonly atMs: number;
  readonly servers: readonly ServerView[];
  /** Those that last. */
  readonly faults: readonly RecordedFault[];
  readonly calls: Readonly<Record<Outcome, number>>;
  readonly remark: string | undefined;
}

export interface ServerView {
  readonly name: string;
  /** `up`, or what became of it: `killed`, `frozen`, `stopped`; `ended` when the run is over. */
  readonly state: string;
  /** How many entries it lacks; null when it does not say, undefined when nobody asked yet. */
  readonly missing: number | null | undefined;
  /** How it hears the others, by their number. */
  readonly hears: readonly { readonly number: number; readonly link: LinkState }[];
}

/** Faults of the process itself; it may be up to no good without being seen to be down. */
const OF_PROCESS = new Set(["killed", "frozen", "stopped", "database restored"]);

export function viewOf({ servers }: Pick<World, "servers">, history: History, step: Step): View {
  const faults = history.faults.filter(({ endedMs }) => endedMs === null);
  const lag = history.lag.at(-1);
  const count = (outcome: Outcome) => history.calls.filter((call) => call.outcome === outcome).length;
  return {
    atMs: history.now(),
    servers: servers.map((server) => ({
      name: server.name,
      state: stateOf(server, faults, step),
      missing: lag?.missing[server.name],
      hears: servers
        .filter((other) => other !== server)
        .map((other) => ({ number: other.number, link: linkState(server.hears(other)) })),
    })),
    faults,
    calls: { ok: count("ok"), failed: count("failed"), unknown: count("unknown") },
    remark: history.remarks.at(-1)?.text,
  };
}

function stateOf({ name, process }: Server, faults: readonly RecordedFault[], step: Step): string {
  const fault = faults.find((one) => one.target === name && OF_PROCESS.has(one.name));
  if (fault) return fault.name;
  if (process.isRunning()) return "up";
  return step === "stopping everything" ? "ended" : "down";
}

export function linkState({ isUp, toxics }: Pick<FaultProxy, "isUp" | "toxics">): LinkState {
  if (!isUp) return "refused";
  const all = [...toxics.upstream, ...toxics.downstream];
  if (all.some(({ type }) => type === "timeout")) return "cut";
  return all.length > 0 ? "ailing" : "heard";
}
