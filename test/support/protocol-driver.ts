/** A protocol under test, what it is told, and what has become of its effects. */
import type { Entry } from "../../crdt/entry.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { Heartbeat, Message, Want } from "../../src/gossip/message.ts";
import { type Effect, Protocol } from "../../src/gossip/protocol.ts";
import { originOf, STAMP } from "./log-fixtures.ts";

export const OWN = originOf(1);
export const SECOND = originOf(2);
export const THIRD = originOf(3);
export const DEAD = originOf(9);
const WALL_MS = 1_760_000_000_000;

export function vector(...pairs: [string, number][]): VersionVector {
  return new Map(pairs);
}

export function heartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  return {
    type: "heartbeat",
    vector: vector(),
    clock: STAMP,
    wallMs: WALL_MS,
    state: "serving",
    hello: false,
    ...fields,
  };
}

/** The server `eu-1`: nothing is sent or stored unless the test does so. */
export class ProtocolDriver {
  nowMs = 0;
  stored: VersionVector;
  /** The servers that the log tells of. */
  members: string[] = ["eu-1"];
  /** Incarnations that were forgotten, each with the server's name. */
  forgotten = new Map<string, string>();
  readonly protocol: Protocol;

  constructor(stored: VersionVector = vector(), { stable = vector(), peersExpected = 0 } = {}) {
    this.stored = stored;
    const standing = { vector: stored, stable, clock: STAMP };
    this.protocol = new Protocol({ server: "eu-1", incarnation: OWN }, standing, peersExpected, 0);
  }

  get time() {
    return { nowMs: this.nowMs, wallMs: WALL_MS + this.nowMs };
  }

  hear(server: string, message: Message, incarnation = server === "eu-2" ? SECOND : THIRD): Effect[] {
    return this.protocol.heard(server, incarnation, message, this.time);
  }

  tick(ms: number): Effect[] {
    this.nowMs += ms;
    return this.protocol.tick(this.time, this.members, this.forgotten);
  }

  /** As the server does when the database has stored the entries of an effect. */
  store(effects: readonly Effect[]): Effect[] {
    return effects.flatMap((effect) => {
      if (effect.type !== "store") return [];
      const last = effect.entries.at(-1);
      if (last) this.stored = new Map(this.stored).set(last.origin, last.sequence);
      this.protocol.committed(this.stored, STAMP);
      return this.protocol.settled(effect.entries, true, this.nowMs);
    });
  }
}

export function sent(effects: readonly Effect[]): { to: string; message: Message }[] {
  return effects.flatMap((effect) =>
    effect.type === "send" ? [{ to: effect.to, message: effect.message }] : [],
  );
}

export function wants(effects: readonly Effect[]): { to: string; message: Want }[] {
  return sent(effects).flatMap(({ to, message }) => (message.type === "want" ? [{ to, message }] : []));
}

export function storedBy(effects: readonly Effect[]): number[] {
  return effects.flatMap((effect) =>
    effect.type === "store" ? effect.entries.map(({ sequence }) => sequence) : [],
  );
}

export function answerTo(want: Want | undefined, entries: readonly Entry[]): Message {
  if (!want) throw new Error("nothing was asked");
  const { request, origin, from } = want;
  return { type: "entries", request, origin, from, entries };
}

export function announce(entries: readonly Entry[]): Message {
  return { type: "announce", entries };
}
