import { expect, test } from "vitest";
import { readiness } from "../../../src/server/readiness.ts";

type Parts = Parameters<typeof readiness>[0];

/** A healthy server, but for what is given. */
function partsWith(given: {
  mode?: string;
  caughtUp?: boolean;
  link?: string;
  offsetMs?: number;
  state?: string;
  members?: string[];
}) {
  const {
    mode = "open",
    caughtUp = true,
    link = "subscribed",
    offsetMs = 0,
    state = "alive",
    members = ["eu-1", "eu-2"],
  } = given;
  return {
    server: "eu-1",
    registry: { condition: () => ({ mode }), members: () => members },
    gossiper: {
      caughtUp,
      entriesBehind: () => 7,
      peers: () => [{ server: "eu-2", state, clockOffsetMs: offsetMs }],
    },
    broker: { links: () => [{ url: "redis://127.0.0.1:1", own: true, state: link }] },
  } as unknown as Parts;
}

test("[CLK2] a peer's clock that is more than two seconds off is told of, either way; the server stays ready", () => {
  for (const offsetMs of [2_001, -2_001]) {
    const { ready, degraded } = readiness(partsWith({ offsetMs }));
    expect(ready).toBe(true);
    expect(degraded).toEqual([`the clock of eu-2 differs by ${offsetMs} ms`]);
  }
  expect(readiness(partsWith({ offsetMs: 2_000 })).degraded).toEqual([]);
});

test("[WRT1] without its database, or before it has caught up, a server is not ready", () => {
  expect(readiness(partsWith({ mode: "recovering" })).ready).toBe(false);
  expect(readiness(partsWith({ caughtUp: false }))).toMatchObject({
    ready: false,
    reasons: ["pulling what was missed: 7 entries to go"],
  });
});

test("[REP3] brokers and peers that are away make it degraded, and still ready", () => {
  expect(readiness(partsWith({ link: "lost", state: "suspect" }))).toEqual({
    ready: true,
    degraded: ["own broker redis://127.0.0.1:1 is lost", "eu-2 is suspect"],
    reasons: [],
  });
});

test("[REP3] a server that its log tells of and that is silent since the start makes it degraded", () => {
  const members = ["eu-1", "eu-2", "eu-3"];
  expect(readiness(partsWith({ members })).degraded).toEqual([
    "eu-3 was not heard of since this server began",
  ]);
});
