/**
 * A scenario: what is broken, and what is written meanwhile. A file of its own in `scenarios/`; when `play` returns,
 * all faults are ended, the servers are given time to agree, and everything is judged.
 */
import type { Nemesis } from "./nemeses/nemesis.ts";
import type { Random } from "./random.ts";
import type { Caller } from "./workload/caller.ts";
import type { Traffic } from "./workload/traffic.ts";
import type { Server } from "./world/world.ts";

export interface Scenario {
  /** As it is asked for: `server-1-returns`. */
  readonly name: string;
  /** What happens, in a sentence. */
  readonly story: string;
  /** What the command is given beside its name and the seed, to play it again. */
  readonly options?: string;
  /** 3, if it is not given. */
  readonly servers?: number;
  /** `each` has a PostgreSQL, if they are to be killed one by one; all share one, if it is not given. */
  readonly databases?: "shared" | "each";
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  readonly servers: Servers;
  readonly random: Random;
  /** Calls at this server; all are recorded, none throws. */
  at(server: Server): Caller;
  /** Random players at all servers, until it is stopped. */
  readonly traffic: Traffic;
  /** Begins a fault, which lasts until it is ended; what still lasts when the scenario is over is ended then. */
  strike(nemesis: Nemesis): Promise<Struck>;
  /** The fault lasts as long as `act`. */
  during<T>(nemesis: Nemesis, act: () => Promise<T>): Promise<T>;
  /** Until these servers (all, if none is given) hold the same. @throws NotConvergedError */
  agreed(servers?: readonly Server[]): Promise<void>;
  wait(ms: number): Promise<void>;
  /** Tells whoever watches. */
  say(text: string): void;
}

/** At least three of them, but where the scenario asks for two. */
export type Servers = readonly [Server, Server, ...Server[]];

export interface Struck {
  /** Once; then it does nothing. */
  end(): Promise<void>;
}
