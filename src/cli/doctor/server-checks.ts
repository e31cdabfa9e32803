/** What a running server says of itself, its brokers and its peers. */
import type { ClusterAnswer, MemberAnswer } from "../../http/contract/cluster.ts";
import type { ServerStatus } from "../operator/server-status.ts";
import { durationWords } from "../text/time-words.ts";
import { type Check, CLOCK_OFFSET_MAX_MS } from "./check.ts";

/** @param expected Whether it was said to run: where it only might, that it does not is no fault. */
export function serverChecks({ url, state, reasons, cluster }: ServerStatus, expected: boolean): Check[] {
  if (state === "away") {
    const found = reasons.join("; ");
    const todo = "Start it: rollcall serve; or say where it is: --url.";
    return [{ about: "server", verdict: expected ? "bad" : "warning", found, todo }];
  }
  const name = cluster?.server ?? url;
  const ready: Check =
    state === "not ready"
      ? {
          ...{ about: "server", verdict: "bad", found: `${name} is not ready` },
          todo: "It waits for its PostgreSQL, or for what it missed: what follows says which.",
        }
      : { about: "server", verdict: "ok", found: `${name} is ready` };
  return [ready, ...reasons.map(reasonCheck), ...(cluster ? memberChecks(cluster) : [])];
}

function reasonCheck(found: string): Check {
  const todo = "It mends itself once that is back: see there.";
  return { about: "server", verdict: "warning", found, todo };
}

function memberChecks({ members }: ClusterAnswer): Check[] {
  const peers = members.filter(({ self }) => !self);
  if (peers.length === 0) {
    return [
      {
        ...{ about: "server", verdict: "warning", found: "it has heard of no peer" },
        todo: "Look at ROLLCALL_REALM, ROLLCALL_CLUSTER_SECRET and ROLLCALL_PEER_BROKER_URLS: equal on all.",
      },
    ];
  }
  return peers.flatMap(peerChecks);
}

function peerChecks({ name, state, clockOffsetMs, entriesBehind, secondsBehind }: MemberAnswer): Check[] {
  const isOff = clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_OFFSET_MAX_MS;
  const clock =
    clockOffsetMs === null ? "its clock is not known" : `its clock differs by ${clockOffsetMs} ms`;
  const behind =
    entriesBehind === 0
      ? "lacks nothing"
      : `lacks ${entriesBehind} ${entriesBehind === 1 ? "entry" : "entries"} for ${durationWords((secondsBehind ?? 0) * 1_000)}`;
  const found = `peer ${name} is ${state}, ${behind}, and ${clock}`;
  if (state === "alive" && !isOff) return [{ about: "server", verdict: "ok", found }];
  const todo = isOff
    ? "Let all machines keep time by NTP: timedatectl set-ntp true."
    : "See whether it runs. If it is gone for good: rollcall forget, so that nobody waits for it.";
  return [{ about: "server", verdict: "warning", found, todo }];
}
