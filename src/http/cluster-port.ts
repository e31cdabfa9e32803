/** What HTTP needs to know of the cluster. The gossip part implements it; tests give a fixed one. */
import type { Position } from "../../crdt/position.ts";
import type { ClusterSamplesAnswer, MemberAnswer } from "./contract/cluster.ts";

/** One member as this server sees it. `state: "starting"` is said of a server that catches up first. */
export type MemberReport = MemberAnswer;

/** How the cluster looked to this server at a time, in milliseconds since 1970. */
export interface ClusterSample extends Omit<ClusterSamplesAnswer["items"][number], "at"> {
  readonly atMs: number;
}

/** A member that has not been heard for longer than it should. */
export interface UnheardMember {
  readonly name: string;
  /** Since it was last heard. */
  readonly seconds: number;
}

export interface ClusterPort {
  /** This server and all members that it knows of. */
  members(): readonly MemberReport[];
  /** Empty on a healthy server; asked for with every answer, so it must be cheap. */
  unheard(): readonly UnheardMember[];
  /** Waits until so many peers hold a position; false when they did not within the time (ACK1). */
  acknowledged(position: Position, peers: number, withinMs: number): Promise<boolean>;
  /** This server and all members that it knows of, by name: whether each holds a position. */
  holders(position: Position): readonly { readonly server: string; readonly has: boolean }[];
}
