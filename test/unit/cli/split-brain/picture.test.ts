import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { pictureOf } from "../../../../src/cli/split-brain/picture.ts";
import { linkState, type View, viewOf } from "../../../../src/cli/split-brain/view.ts";
import { bothWays, NO_TOXICS } from "../../../../src/lab/proxy/toxic.ts";
import type { Step } from "../../../../src/lab/run.ts";
import type { World } from "../../../../src/lab/world/world.ts";
import { HOSTILE, labRun } from "../../../support/lab-run.ts";

const VIEW: View = {
  atMs: 12_345,
  servers: [
    {
      name: "server-1",
      state: "up",
      missing: 7,
      hears: [
        { number: 2, link: "heard" },
        { number: 3, link: "cut" },
      ],
    },
    { name: "server-2", state: "killed", missing: null, hears: [{ number: 1, link: "heard" }] },
    { name: "server-3", state: "up", missing: 0, hears: [{ number: 1, link: "ailing" }] },
  ],
  faults: [{ name: "killed", target: "server-2", startedMs: 10_000, endedMs: null }],
  calls: { ok: 3, failed: 2, unknown: 1 },
  remark: undefined,
};

function linesOf(view: View): string[] {
  return stripVTControlCharacters(pictureOf(view)).split("\n");
}

describe("a picture", () => {
  it("has a line a server, what lasts, and what became of writes", () => {
    expect(linesOf(VIEW)).toEqual([
      "● server-1  up      lacks 7     hears 2, cut from 3",
      "○ server-2  killed  silent",
      "● server-3  up      has all     hears badly 1",
      "✗ killed: server-2, for 2 s",
      "12 s, writes: 3 acknowledged, 2 refused, 1 unknown",
    ]);
  });

  it("fits a small window, however much is broken at once", () => {
    const fault = { name: "deaf", target: "server-1 to server-2", startedMs: 0, endedMs: null };
    const lines = linesOf({ ...VIEW, faults: Array.from({ length: 9 }, () => fault), remark: "said" });
    expect(lines.length).toBeLessThan(16);
    expect(lines).toContain("  and 5 more");
    expect(lines.at(-1)).toBe("» said");
  });

  it("lets no text of a run steer the terminal", () => {
    expect(pictureOf({ ...VIEW, remark: HOSTILE })).toContain("\u{fffd}[31m");
  });
});

it("says of a server that the lab has ended itself that it is so, and of any other that it is down", () => {
  const server = { name: "server-1", number: 1, process: { isRunning: () => false } };
  // The picture asks a server without peers for nothing else.
  const world = { servers: [server] } as unknown as Pick<World, "servers">;
  const stateAt = (step: Step) => viewOf(world, labRun().history, step).servers[0]?.state;
  expect(stateAt("stopping everything")).toBe("ended");
  expect(stateAt("breaking things")).toBe("down");
});

it("says of a link how it is heard over", () => {
  expect(linkState({ isUp: true, toxics: NO_TOXICS })).toBe("heard");
  expect(linkState({ isUp: false, toxics: NO_TOXICS })).toBe("refused");
  const cut = { ...NO_TOXICS, upstream: [{ type: "timeout", timeoutMs: 0 }] as const };
  expect(linkState({ isUp: true, toxics: cut })).toBe("cut");
  expect(linkState({ isUp: true, toxics: bothWays({ type: "latency", latencyMs: 9 }) })).toBe("ailing");
});
