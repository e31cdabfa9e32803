import { describe, expect, it } from "vitest";
import { ServerPicker } from "../../../src/client/server-picker.ts";

const A = "https://a.example";
const B = "https://b.example";
const C = "https://c.example";
const NONE: ReadonlySet<string> = new Set();

/** Random numbers that are all the same; near 1, the order of the servers is kept and rests are longest. */
function picker({ servers = [A, B, C], random = 0.999 } = {}): ServerPicker {
  return new ServerPicker({ servers, random: () => random });
}

function probe(of: ServerPicker, url: string, latencyMs: number | undefined, nowMs = 0): void {
  of.probed(url, latencyMs, { startedAtMs: nowMs, nowMs });
}

describe("health", () => {
  it("moves to another server when one fails, and stays there when that one is back", () => {
    const servers = picker();
    expect(servers.ready(0, NONE)).toBe(A);
    servers.failed(A, { startedAtMs: 0, nowMs: 0 });
    expect(servers.ready(0, NONE)).toBe(B);
    servers.answered(A);
    expect(servers.ready(0, NONE)).toBe(B);
  });

  it("lets no call ask a server that failed, while another is well", () => {
    const servers = picker();
    servers.failed(A, { startedAtMs: 0, nowMs: 0 });
    servers.failed(B, { startedAtMs: 0, nowMs: 0 });
    expect(servers.ready(1e9, NONE)).toBe(C);
  });

  it("gives none while all rest, then the one that is rested", () => {
    const servers = picker({ servers: [A, B] });
    servers.failed(A, { startedAtMs: 0, nowMs: 0 });
    servers.failed(B, { startedAtMs: 0, nowMs: 50 });
    expect(servers.ready(100, NONE)).toBeUndefined();
    const restMs = servers.restMs(100);
    expect(restMs).toBeGreaterThan(90);
    expect(restMs).toBeLessThanOrEqual(100);
    expect(servers.ready(100 + restMs, NONE)).toBe(A);
  });

  it("rests longer with each failure in a row, up to a cap, and anew after an answer", () => {
    const servers = picker({ servers: [A] });
    const rests: number[] = [];
    for (let nowMs = 0, failure = 0; failure < 8; failure++) {
      servers.failed(A, { startedAtMs: nowMs, nowMs });
      rests.push(Math.round(servers.restMs(nowMs)));
      nowMs += servers.restMs(nowMs);
    }
    expect(rests).toEqual([200, 400, 799, 1598, 3197, 4995, 4995, 4995]);
    servers.answered(A);
    servers.failed(A, { startedAtMs: 1e6, nowMs: 1e6 });
    expect(Math.round(servers.restMs(1e6))).toBe(200);
  });

  it("draws the rest from nothing up, so that clients come back apart", () => {
    const servers = picker({ servers: [A], random: 0 });
    servers.failed(A, { startedAtMs: 0, nowMs: 0 });
    expect(servers.restMs(0)).toBe(0);
  });

  it("counts calls that were under way together as one failure", () => {
    const servers = picker({ servers: [A] });
    for (let call = 0; call < 50; call++) servers.failed(A, { startedAtMs: call, nowMs: 100 + call });
    expect(servers.restMs(100)).toBeLessThanOrEqual(200);
  });

  it("rests as long as the server asks, though that is longer", () => {
    const servers = picker({ servers: [A] });
    servers.failed(A, { startedAtMs: 0, nowMs: 0, restMs: 30_000 });
    expect(servers.restMs(0)).toBe(30_000);
  });

  it("takes a server that loses three hedged reads in a row for failed", () => {
    const servers = picker();
    const at = { startedAtMs: 0, nowMs: 0 };
    servers.outrun(A, at);
    servers.outrun(A, at);
    expect(servers.well(NONE)).toBe(A);
    servers.answered(A);
    servers.outrun(A, at);
    servers.outrun(A, at);
    expect(servers.well(NONE)).toBe(A);
    servers.outrun(A, at);
    expect(servers.well(NONE)).toBe(B);
  });
});

describe("speed", () => {
  it("takes the fastest, of those that are measured", () => {
    const servers = picker();
    probe(servers, B, 80);
    probe(servers, C, 30);
    expect(servers.ready(0, NONE)).toBe(C);
  });

  it.each([
    ["a little faster", 40, 31, A],
    ["faster by less than 5 ms", 6, 1.5, A],
    ["clearly faster", 40, 20, B],
  ])("leaves a server that is well for one that is %s: %d and %d ms", (_what, ofA, ofB, chosen) => {
    const servers = picker({ servers: [A, B] });
    expect(servers.ready(0, NONE)).toBe(A);
    probe(servers, A, ofA);
    probe(servers, B, ofB);
    expect(servers.ready(0, NONE)).toBe(chosen);
  });

  it("weighs new samples and old ones", () => {
    const servers = picker({ servers: [A, B] });
    expect(servers.ready(0, NONE)).toBe(A);
    probe(servers, A, 100);
    probe(servers, B, 100);
    // 70, 49: below seven tenths of 100 with the second.
    probe(servers, B, 0);
    expect(servers.ready(0, NONE)).toBe(A);
    probe(servers, B, 0);
    expect(servers.ready(0, NONE)).toBe(B);
  });

  it("gives another for a moment, and comes back", () => {
    const servers = picker();
    expect(servers.well(NONE)).toBe(A);
    expect(servers.well(new Set([A]))).toBe(B);
    expect(servers.well(NONE)).toBe(A);
  });

  it("spreads clients that know nothing over all servers", () => {
    let state = 1;
    const random = (): number => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const first = new Map<string | undefined, number>();
    for (let client = 0; client < 300; client++) {
      const chosen = new ServerPicker({ servers: [A, B, C], random }).well(NONE);
      first.set(chosen, (first.get(chosen) ?? 0) + 1);
    }
    for (const server of [A, B, C]) expect(first.get(server)).toBeGreaterThan(60);
  });
});

describe("probes", () => {
  it("are due at first, and again after two minutes; each once at a time", () => {
    const servers = picker({ servers: [A, B] });
    expect(servers.due(0)).toEqual([A, B]);
    expect(servers.due(0)).toEqual([]);
    probe(servers, A, 10, 5);
    probe(servers, B, 10, 5);
    expect(servers.due(120_000)).toEqual([]);
    expect(servers.due(120_005)).toEqual([A, B]);
  });

  it("find out whether a server that failed is back, when it has rested", () => {
    const servers = picker({ servers: [A, B] });
    servers.due(0);
    probe(servers, A, 10);
    probe(servers, B, 10);
    servers.failed(A, { startedAtMs: 0, nowMs: 0 });
    expect(servers.due(100)).toEqual([]);
    expect(servers.due(200)).toEqual([A]);
    probe(servers, A, undefined, 200);
    expect(servers.due(500)).toEqual([]);
    expect(servers.due(600)).toEqual([A]);
    probe(servers, A, 10, 600);
    servers.failed(B, { startedAtMs: 700, nowMs: 700 });
    expect(servers.ready(700, NONE)).toBe(A);
  });

  it("measure nothing while they wait for a server that is away; the next one does, when it is back", () => {
    const servers = picker({ servers: [A, B] });
    for (const url of servers.due(0)) probe(servers, url, 10);
    servers.failed(A, { startedAtMs: 0, nowMs: 600 });
    expect(servers.due(1_000)).toEqual([A]);
    servers.answered(A); // A call was faster.
    servers.probed(A, 1_500, { startedAtMs: 1_000, nowMs: 2_500 });
    expect(servers.latencyMs(A)).toBe(10);
    expect(servers.due(2_500)).toEqual([A]);
    servers.probed(A, 20, { startedAtMs: 2_500, nowMs: 2_520 });
    expect(servers.latencyMs(A)).toBe(13);
    expect(servers.due(2_520)).toEqual([]);
  });

  it("measure nothing when the server went away under them", () => {
    const servers = picker({ servers: [A, B] });
    expect(servers.due(0)).toEqual([A, B]);
    servers.failed(A, { startedAtMs: 0, nowMs: 600 });
    servers.probed(A, 1_500, { startedAtMs: 0, nowMs: 1_500 });
    expect(servers.latencyMs(A)).toBeUndefined();
    expect(servers.due(1_500)).toEqual([A]);
  });

  it("are not needed where there is no choice", () => {
    expect(picker({ servers: [A] }).due(0)).toEqual([]);
  });
});
