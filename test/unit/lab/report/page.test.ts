import { describe, expect, it } from "vitest";
import { documentHistories, serverNamesOf } from "../../../../src/lab/report/document-history.ts";
import { SEED_MEANS } from "../../../../src/lab/report/figures.ts";
import { lagCurve } from "../../../../src/lab/report/lag-curves.ts";
import { laneOf, struckServers } from "../../../../src/lab/report/lanes.ts";
import { mergeGraph, mostConcurrent } from "../../../../src/lab/report/merge-graph.ts";
import { reportPage } from "../../../../src/lab/report/page.ts";
import { tallyOf } from "../../../../src/lab/report/tally.ts";
import { TimeAxis } from "../../../../src/lab/report/time-axis.ts";
import { HOSTILE, labRun, twiceUnderOneNumber } from "../../../support/lab-run.ts";

const MOMENTS = { healedMs: 900, agreedMs: 1_000 };

describe("the page", () => {
  it("has the verdict, the command, and both candidates with the one that stands", () => {
    const page = reportPage(labRun(), "rollcall split-brain --scenario made-up --seed 7");
    expect(page).toContain("✓ PASSED");
    expect(page).toContain("rollcall split-brain --scenario made-up --seed 7");
    expect(page).toContain("<b>Ada</b>");
    expect(page).toMatch(/<tr class="stands"><td><b>&lt;script&gt;/);
  });

  it("says what a seed gives again, and counts one as one", () => {
    const { history } = labRun();
    history.faults.length = 1;
    const page = reportPage(labRun({ history }), "again");
    expect(page).toContain(SEED_MEANS);
    expect(page).toContain("1 check:");
    expect(page).toContain("<summary>The fault</summary>");
    expect(page).not.toMatch(/\b1 (checks|findings|faults|writes)\b/);
  });

  it("says why writes were refused", () => {
    expect(reportPage(labRun(), "again")).toContain("<td>not expected of these writes</td>");
  });

  it("says what was found", () => {
    const findings = [{ check: "logs", words: `server-2 lacks ${HOSTILE}` }];
    const page = reportPage(labRun({ checks: [{ name: "logs", promise: "", findings }] }), "again");
    expect(page).toContain("✗ FAILED");
    const [found, happened] = ["server-2 lacks &lt;script&gt;", "What happened"].map((text) =>
      page.indexOf(text),
    );
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(happened ?? 0);
  });

  it("draws a hundred conflicts, and says that there are more", () => {
    const [first, ...others] = labRun().states;
    const [conflict] = first?.conflicts ?? [];
    if (!first || !conflict) throw new Error("the run has no conflict");
    const states = [{ ...first, conflicts: Array.from({ length: 101 }, () => conflict) }, ...others];
    const page = reportPage(labRun({ states }), "again");
    expect(page).toContain("The first 100 of 101");
    expect(page.match(/rule PLY1/g)).toHaveLength(100);
    const [open = "", folded = ""] = page.split("<summary>92 more</summary>");
    expect([open, folded].map((part) => part.match(/rule PLY1/g)?.length)).toEqual([8, 92]);
  });

  it("is written of a log in which one actor wrote two changes under one number", () => {
    const [first, ...others] = labRun().states;
    if (!first) throw new Error("the run has no state");
    const log = [...first.log, ...twiceUnderOneNumber()];
    expect(reportPage(labRun({ states: [{ ...first, log }, ...others] }), "again")).toContain("PASSED");
  });

  it("lets no text of a run become a tag, and none of its control characters through", () => {
    const page = reportPage(labRun(), HOSTILE);
    expect(page.split("&lt;script&gt;").length).toBeGreaterThan(8);
    expect(page).not.toContain("<script");
    expect(page).not.toContain("\u001b");
  });

  it("needs nothing from outside itself", () => {
    const page = reportPage(labRun(), "again");
    expect(page).not.toMatch(/https?:|\ssrc=|@import|url\((?!#)|href="(?!#)/);
  });

  it("is whole when servers never agreed, and when nothing happened", () => {
    const never = labRun({ convergedMs: null });
    expect(reportPage(never, "again")).not.toContain("all agree");
    const { history } = never;
    for (const list of [history.calls, history.faults, history.lag, history.remarks]) list.length = 0;
    const page = reportPage(labRun({ history, states: [], healedMs: 0, convergedMs: null }), "again");
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("a lane", () => {
  it("has a band for each fault of its server, and a mark for each write by its outcome", () => {
    const { history } = labRun();
    const lane = laneOf("server-2", history, new TimeAxis(1_000), MOMENTS).text;
    expect(lane.match(/class="fault"/g)).toHaveLength(2);
    expect(lane).toContain(">slow to its database<");
    expect(lane.match(/href="#\w+"/g)).toEqual(['href="#failed"', 'href="#unknown"']);
  });

  it.each([
    ["server-1", ["server-1"]],
    ["server-1 to server-2", ["server-1"]],
    ["server-1+server-2 | server-3", ["server-1", "server-2", "server-3"]],
    ["server-1 > server-2", ["server-1", "server-2"]],
  ])("shows a fault of %s at whom it strikes", (target, servers) => {
    expect(struckServers({ name: "", target, startedMs: 0, endedMs: null })).toEqual(servers);
  });
});

it("a curve of lag has a gap where the server did not answer", () => {
  const axis = new TimeAxis(1_000);
  const counts = [0, 4, null, 4, 0];
  const samples = counts.map((count, index) => ({ atMs: index * 100, missing: { "server-1": count } }));
  const curve = lagCurve("server-1", samples, axis, MOMENTS).text;
  expect(curve.match(/class="curve"/g)).toHaveLength(2);
  expect(curve.match(/class="silent"/g)).toHaveLength(1);
  expect(curve).toContain("at most 4 entries");
});

it("a merge graph has each change in the lane of its server, and joins what nobody joined", () => {
  const log = labRun().states[0]?.log ?? [];
  const [document, ...others] = mostConcurrent(documentHistories(log));
  expect(others).toEqual([]);
  if (!document) throw new RangeError("a player was edited on both sides");
  expect(document.concurrentPairs).toBe(1);
  const graph = mergeGraph(document, serverNamesOf(log)).text;
  expect(graph.match(/<circle /g)).toHaveLength(3);
  // Two lines to the registration, and one from each of the two heads.
  expect(graph.match(/<path /g)).toHaveLength(4);
  expect(graph).toMatch(/edit<\/b> at server-2/);
  expect(graph).toContain("displayName = Ada");
});

it("counts what a run came to", () => {
  expect(tallyOf(labRun())).toEqual({
    servers: [
      { server: "server-1", ok: 1, failed: 0, unknown: 0 },
      { server: "server-2", ok: 0, failed: 1, unknown: 1 },
    ],
    // It was acknowledged without a position.
    lost: 1,
    merged: 1,
    conflicts: [{ rule: "PLY1", count: 1 }],
    refusals: [{ code: HOSTILE, count: 1, why: "not expected of these writes" }],
    namesTwice: 0,
    seatsTwice: 0,
    seatsLate: 0,
    convergedMs: 100,
    checks: 1,
    findings: 0,
  });
});
