/** Faults of processes: servers, brokers, databases that die or freeze. */
import type { Server } from "../world/world.ts";
import type { Nemesis } from "./nemesis.ts";

/** SIGKILL; it ends when the server is ready again. */
export function killed({ name, process }: Server): Nemesis {
  return { name: "killed", target: name, start: () => process.kill(), end: () => process.start() };
}

/** The same, but it ends as soon as the server runs: its database may be away, too. */
export function crashed({ name, process }: Server): Nemesis {
  return { name: "killed", target: name, start: () => process.kill(), end: () => process.launch() };
}

/** SIGSTOP: it keeps its connections and answers nothing. */
export function frozen({ name, process }: Server): Nemesis {
  return {
    name: "frozen",
    target: name,
    start: async () => process.signal("SIGSTOP"),
    end: async () => process.signal("SIGCONT"),
  };
}

/** SIGTERM: it drains; it ends when the server is ready again. */
export function stopped({ name, process }: Server): Nemesis {
  return { name: "stopped", target: name, start: () => process.stop(), end: () => process.start() };
}

export function brokerKilled({ name, broker }: Server): Nemesis {
  return {
    name: "broker killed",
    target: name,
    start: () => broker.kill(),
    end: () => broker.start(),
  };
}

/** Random faults overlap: one that is dead is not frozen, and one that died meanwhile has nothing to thaw. */
export function brokerFrozen({ name, broker }: Pick<Server, "name" | "broker">): Nemesis {
  return {
    name: "broker frozen",
    target: name,
    start: async () => {
      if (broker.isRunning()) broker.freeze();
    },
    end: async () => {
      if (broker.isRunning()) broker.thaw();
    },
  };
}

/** In a world whose servers share one database, all of them lose it. */
export function databaseKilled({ name, database }: Server): Nemesis {
  return {
    name: "database killed",
    target: name,
    start: () => database.kill(),
    end: () => database.start(),
  };
}
