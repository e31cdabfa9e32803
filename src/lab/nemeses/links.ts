/** Faults of the roads between servers: who hears whom, and how well. */
import type { FaultProxy } from "../proxy/fault-proxy.ts";
import { bothWays, NO_TOXICS, type Toxics } from "../proxy/toxic.ts";
import type { Server } from "../world/world.ts";
import type { Nemesis } from "./nemesis.ts";

/** As when packets are lost: nothing arrives, and no connection is told. */
const SILENT = bothWays({ type: "timeout", timeoutMs: 0 });

/** A server that no longer hears another; the other still hears it. */
export function deaf(server: Server, to: Server): Nemesis {
  return cut("deaf", [[server, to]], `${server.name} to ${to.name}`);
}

/** Servers of different groups no longer hear one another. */
export function parted(...groups: readonly (readonly Server[])[]): Nemesis {
  const pairs = groups.flatMap((group) =>
    groups.filter((other) => other !== group).flatMap((other) => pairsOf(group, other)),
  );
  return cut("parted", pairs, groups.map((group) => group.map(({ name }) => name).join("+")).join(" | "));
}

/** Each server hears the one before it alone, the first one the last. */
export function ring(servers: readonly Server[]): Nemesis {
  const before = (server: Server) => servers[(servers.indexOf(server) + servers.length - 1) % servers.length];
  const pairs = pairsOf(servers, servers).filter(([from, to]) => from !== to && to !== before(from));
  return cut("in a ring", pairs, servers.map(({ name }) => name).join(" > "));
}

/** The road from a server to the broker of another has these toxics. */
export function ailing(name: string, server: Server, to: Server, toxics: Toxics): Nemesis {
  return withToxics(name, [server.hears(to)], `${server.name} to ${to.name}`, toxics);
}

/** The road from a server to its database has these toxics. */
export function databaseAiling(name: string, server: Server, toxics: Toxics): Nemesis {
  return withToxics(name, [server.databaseRoad], `${server.name} to its database`, toxics);
}

/** Connections of these roads are reset, and refused until it ends. */
export function roadDown(server: Server, to: Server): Nemesis {
  const road = server.hears(to);
  return {
    name: "refused",
    target: `${server.name} to ${to.name}`,
    start: () => road.down(),
    end: () => road.up(),
  };
}

function cut(name: string, pairs: readonly (readonly [Server, Server])[], target: string): Nemesis {
  const roads = pairs.map(([from, to]) => from.hears(to));
  return withToxics(name, roads, target, SILENT);
}

function withToxics(name: string, roads: readonly FaultProxy[], target: string, toxics: Toxics): Nemesis {
  const set = async (value: Toxics): Promise<void> => {
    for (const road of roads) road.toxics = value;
  };
  return { name, target, start: () => set(toxics), end: () => set(NO_TOXICS) };
}

function pairsOf(some: readonly Server[], others: readonly Server[]): [Server, Server][] {
  return some.flatMap((one) => others.map((other): [Server, Server] => [one, other]));
}
