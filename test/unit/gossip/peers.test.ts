import { describe, expect, it } from "vitest";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import type { Heartbeat } from "../../../src/gossip/message.ts";
import { Peers } from "../../../src/gossip/peers.ts";
import { originOf, STAMP } from "../../support/log-fixtures.ts";

const [A, B] = [originOf(1), originOf(2)];

function heartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  const nothing: VersionVector = new Map();
  return {
    type: "heartbeat",
    vector: nothing,
    clock: STAMP,
    wallMs: 0,
    state: "serving",
    hello: false,
    ...fields,
  };
}

/** Hears a heartbeat of `eu-2`, as the protocol does. */
function hear(peers: Peers, nowMs: number, fields: Partial<Heartbeat> = {}, incarnation = A): void {
  peers.heard("eu-2", incarnation, nowMs);
  peers.heartbeat("eu-2", heartbeat(fields), nowMs, 0);
}

function vector(...pairs: [string, number][]): VersionVector {
  return new Map(pairs);
}

function reportOf(peers: Peers, nowMs: number, own: VersionVector = new Map()) {
  const [report] = peers.report(own, nowMs);
  if (!report) throw new Error("no peer was heard");
  return report;
}

describe("a peer", () => {
  it.each([
    ["serving", 0, "alive"],
    ["serving", 3_000, "alive"],
    ["serving", 3_001, "suspect"],
    ["serving", 10_000, "suspect"],
    ["serving", 10_001, "down"],
    ["starting", 3_000, "starting"],
    ["starting", 3_001, "suspect"],
    ["starting", 10_001, "down"],
    ["leaving", 0, "down"],
  ] as const)("that said %s and was silent for %i ms is %s", (state, silentMs, expected) => {
    const peers = new Peers();
    hear(peers, 5_000, { state });
    expect(reportOf(peers, 5_000 + silentMs)).toMatchObject({ state: expected, heardMsAgo: silentMs });
    expect(peers.reachable(5_000 + silentMs)).toHaveLength(expected === "down" ? 0 : 1);
  });

  it("comes back with the next message, whatever it is", () => {
    const peers = new Peers();
    hear(peers, 0);
    expect(reportOf(peers, 20_000).state).toBe("down");
    peers.heard("eu-2", A, 20_000);
    expect(reportOf(peers, 20_000).state).toBe("alive");
  });

  it("that restarts is another incarnation, of whom nothing is known but its name", () => {
    const peers = new Peers();
    hear(peers, 0, { vector: vector([A, 9]), state: "leaving", wallMs: 70 });
    peers.heard("eu-2", B, 100);
    const report = reportOf(peers, 100);
    expect(report).toMatchObject({ incarnation: B, state: "starting", clockOffsetMs: null });
    expect(report.vector).toEqual(vector());
    hear(peers, 200, { vector: vector([A, 9], [B, 1]) }, B);
    expect(reportOf(peers, 200)).toMatchObject({ state: "alive", incarnation: B });
    expect(peers.report(new Map(), 200)).toHaveLength(1);
  });

  it("that has not said in a heartbeat what it has is known to be there, and not to be whole", () => {
    const peers = new Peers();
    peers.heard("eu-2", A, 0);
    expect(peers.reachable(0)).toEqual([{ server: "eu-2", vector: vector(), introduction: undefined }]);
    hear(peers, 10, { vector: vector([A, 1]) });
    expect(peers.reachable(10)).toEqual([
      { server: "eu-2", vector: vector([A, 1]), introduction: vector([A, 1]) },
    ]);
  });

  it("has what it was seen to have, and lacks what it could not give, until its next heartbeat", () => {
    const peers = new Peers();
    hear(peers, 0, { vector: vector([A, 5]) });
    peers.has("eu-2", A, 3);
    peers.has("eu-2", B, 2);
    expect(reportOf(peers, 0).vector).toEqual(vector([A, 5], [B, 2]));
    peers.has("eu-2", A, 8);
    peers.lacks("eu-2", B, 3);
    expect(reportOf(peers, 0).vector).toEqual(vector([A, 8], [B, 2]));
    peers.lacks("eu-2", A, 4);
    expect(reportOf(peers, 0).vector).toEqual(vector([A, 3], [B, 2]));
    hear(peers, 10, { vector: vector([A, 9]) });
    expect(reportOf(peers, 10).vector).toEqual(vector([A, 9]));
  });

  it("tells how far its clock is from ours", () => {
    const peers = new Peers();
    peers.heard("eu-2", A, 0);
    peers.heartbeat("eu-2", heartbeat({ wallMs: 1_000.4 }), 0, 2_500);
    expect(reportOf(peers, 0).clockOffsetMs).toBe(-1_500);
  });
});

describe("peers", () => {
  it("together have what any of them has", () => {
    const peers = new Peers();
    for (const [server, had] of [
      ["eu-2", vector([A, 5], [B, 1])],
      ["eu-3", vector([A, 2], [B, 7])],
    ] as const) {
      peers.heard(server, originOf(9), 0);
      peers.heartbeat(server, heartbeat({ vector: had }), 0, 0);
    }
    expect(peers.union()).toEqual(vector([A, 5], [B, 7]));
  });

  it("are not remembered beyond a thousand names, and known ones go on", () => {
    const peers = new Peers();
    for (let index = 0; index < 1_000; index++) expect(peers.heard(`server-${index}`, A, 0)).toBe(true);
    expect(peers.heard("one more", A, 0)).toBe(false);
    peers.heartbeat("one more", heartbeat(), 0, 0);
    peers.has("one more", A, 1);
    peers.lacks("one more", A, 1);
    expect(peers.heard("server-999", B, 0)).toBe(true);
    expect(peers.report(new Map(), 0)).toHaveLength(1_000);
  });
});

describe("how far a peer is behind", () => {
  it("is counted in entries, and in the time since it had all that there was", () => {
    const peers = new Peers();
    hear(peers, 0, { vector: vector([A, 1]) });
    peers.observe(vector([A, 1]), 0);
    peers.observe(vector([A, 1]), 60_000);
    expect(reportOf(peers, 60_000, vector([A, 1]))).toMatchObject({ entriesBehind: 0, msBehind: 0 });
    const own = vector([A, 4], [B, 2]);
    peers.observe(own, 60_100);
    expect(reportOf(peers, 60_500, own)).toMatchObject({ entriesBehind: 5, msBehind: 500 });
    peers.observe(own, 90_000);
    expect(reportOf(peers, 90_000, own)).toMatchObject({ entriesBehind: 5, msBehind: 30_000 });
    hear(peers, 90_100, { vector: own });
    peers.observe(own, 90_100);
    expect(reportOf(peers, 90_100, own)).toMatchObject({ entriesBehind: 0, msBehind: 0 });
  });

  it("stays within two heartbeats for one that keeps up with writes that never pause", () => {
    const peers = new Peers();
    for (let nowMs = 0; nowMs <= 60_000; nowMs += 100) {
      const own = vector([A, nowMs + 100]);
      if (nowMs % 1_000 === 0) hear(peers, nowMs, { vector: vector([A, nowMs + 50]) });
      peers.observe(own, nowMs);
      expect(reportOf(peers, nowMs, own).msBehind).toBeLessThanOrEqual(2_000);
    }
  });
});
