import { expect, it } from "vitest";
import type { MemberReport } from "../../../src/http/cluster-port.ts";
import { ClusterRecorder, SAMPLED_EVERY_MS } from "../../../src/server/cluster-recorder.ts";
import { DatabaseUnavailableError } from "../../../src/storage/errors.ts";

const ORIGIN = "a".repeat(32);
const FOUR_HOURS_MS = 14_400_000;
const SELF: MemberReport = {
  name: "eu-1",
  incarnation: ORIGIN,
  self: true,
  state: "alive",
  lastHeardAt: null,
  entriesBehind: 0,
  secondsBehind: 0,
  clockOffsetMs: 0,
  brokers: [],
  queues: { writesWaiting: 3 },
};
const PEER: MemberReport = {
  ...SELF,
  name: "us-1",
  self: false,
  state: "down",
  entriesBehind: 7,
  queues: {},
};

function recorder() {
  const world: { nowMs: number; isOpen: boolean; tick: () => void } = {
    nowMs: 0,
    isOpen: true,
    tick: () => undefined,
  };
  const recording = new ClusterRecorder({
    incarnation: ORIGIN,
    registry: {
      condition: () => ({
        mode: world.isOpen ? "open" : "closed",
        waiting: 0,
        cachedDocuments: 0,
        folding: false,
      }),
      digest: () => {
        if (!world.isOpen) throw new DatabaseUnavailableError();
        return { documents: 1, entries: 9, versionVector: {}, headsDigest: "", stateDigest: "" };
      },
      get vector() {
        if (!world.isOpen) throw new DatabaseUnavailableError();
        return new Map([
          [ORIGIN, 4],
          ["b".repeat(32), 5],
        ]);
      },
    },
    cluster: { members: () => [SELF, PEER] },
    clock: {
      wallMs: () => world.nowMs,
      every: (ms, call) => {
        expect(ms).toBe(SAMPLED_EVERY_MS);
        world.tick = call;
        return () => undefined;
      },
    },
  });
  recording.start();
  return { recording, world };
}

it("keeps what is known of the cluster, its queues and its database", () => {
  const { recording, world } = recorder();
  world.tick();
  world.isOpen = false;
  world.nowMs = 5_000;
  world.tick();
  const members = [
    { name: "eu-1", state: "alive", entriesBehind: 0, secondsBehind: 0 },
    { name: "us-1", state: "down", entriesBehind: 7, secondsBehind: 0 },
  ];
  const queues = { writesWaiting: 3 };
  expect(recording.samples()).toEqual([
    { atMs: 0, database: "open", entries: 9, written: 4, queues, members },
    { atMs: 5_000, database: "closed", entries: null, written: null, queues, members },
  ]);
});

it("keeps four hours, and lets the oldest go", () => {
  const { recording, world } = recorder();
  for (world.nowMs = 0; world.nowMs <= FOUR_HOURS_MS; world.nowMs += SAMPLED_EVERY_MS) world.tick();
  const kept = recording.samples();
  expect([kept[0]?.atMs, kept.at(-1)?.atMs]).toEqual([SAMPLED_EVERY_MS, FOUR_HOURS_MS]);
});
