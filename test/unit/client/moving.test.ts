/** A call on its way through servers that fail, hang, lag and limit; in virtual time. */
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ClientOptions,
  createClient,
  NoServerReachableError,
  ProblemError,
  type RollcallClient,
  type RollcallError,
  ServerUnreachableError,
} from "../../../src/client/client.ts";
import { problemAnswer } from "../../support/problem-response.ts";
import {
  answering,
  frozen,
  inTurn,
  passed,
  refusing,
  type Script,
  type ScriptedNetwork,
  scriptedNetwork,
} from "../../support/scripted-network.ts";

const A = "https://a.example";
const B = "https://b.example";
const C = "https://c.example";
const ADA = { id: "ada", username: "ada" };
const POSITION = `${"a".repeat(32)}:7`;
const LATER = `${"b".repeat(32)}:1`;

beforeEach(() => {
  vi.useFakeTimers();
  // Servers in the order in which they are given, and the longest pauses.
  vi.spyOn(Math, "random").mockReturnValue(0.999);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

interface World {
  readonly network: ScriptedNetwork;
  readonly client: RollcallClient;
  readonly troubles: string[];
}

function world(scripts: Readonly<Record<string, Script>>, options: Partial<ClientOptions> = {}): World {
  const network = scriptedNetwork(scripts);
  const troubles: string[] = [];
  const client = createClient({
    servers: Object.keys(scripts),
    fetch: network.fetch,
    onTrouble: ({ code }) => troubles.push(code),
    ...options,
  });
  return { network, client, troubles };
}

/** What became of a call, and how long it took. */
async function timed<Value>(
  call: Promise<Value>,
): Promise<{ value?: Value; error?: unknown; tookMs: number }> {
  const begun = performance.now();
  const ended = call.then(
    (value) => ({ value, tookMs: performance.now() - begun }),
    (error: unknown) => ({ error, tookMs: performance.now() - begun }),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  return ended;
}

const asked = ({ network }: World): string[] => network.calls.map(({ server }) => server);

const connectionRefused: Script = () => {
  throw new TypeError("connection refused");
};

describe("a read", () => {
  it.each([
    ["refuses connections", connectionRefused],
    ["is not ready", refusing(503, "not-ready")],
    ["has no database", refusing(503, "database-unavailable")],
    ["is behind a proxy that finds it dead", () => new Response("Bad gateway", { status: 502 })],
    ["is behind a proxy that waits for it in vain", () => new Response("", { status: 504 })],
    ["breaks off", () => new Response('{"id":', { status: 200 })],
    ["closes the connection as one that nothing came over", () => new Response("", { status: 408 })],
  ] satisfies [string, Script][])("goes to another server at once when one %s", async (_what, script) => {
    const here = world({ [A]: script, [B]: answering(ADA) });
    const { value, tookMs } = await timed(here.client.players.get("ada"));
    expect(value).toEqual(ADA);
    expect(tookMs).toBe(0);
    expect(asked(here)).toEqual([A, B]);
    expect(here.troubles).toHaveLength(1);
  });

  it("does not ask the dead server with the next call", async () => {
    const here = world({ [A]: connectionRefused, [B]: answering(ADA) });
    await timed(here.client.players.get("ada"));
    await timed(here.client.players.get("ada"));
    expect(asked(here)).toEqual([A, B, B]);
  });

  it.each([
    [400, "invalid-request"],
    [404, "player-not-found"],
    [409, "name-taken"],
    [410, "player-erased"],
    [500, "internal"],
  ])("is refused with %d at once: every server would say so", async (status, code) => {
    const here = world({ [A]: refusing(status, code), [B]: answering(ADA) });
    const { error } = await timed(here.client.players.get("ada"));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status, code, retryable: false, requestId: "request-1", server: A });
    expect(asked(here)).toEqual([A]);
  });

  it("of a second server after a quarter of a second, and the first answer counts", async () => {
    const here = world({
      [A]: answering(ADA, { afterMs: 500 }),
      [B]: answering({ id: "b" }, { afterMs: 10 }),
    });
    const { value, tookMs } = await timed(here.client.players.get("ada"));
    expect([value, tookMs]).toEqual([{ id: "b" }, 260]);
    expect(here.network.calls.map(({ wasEnded }) => wasEnded)).toEqual([true, false]);
  });

  it("of a second server, and the first may still be faster", async () => {
    const here = world({
      [A]: answering(ADA, { afterMs: 300 }),
      [B]: answering({ id: "b" }, { afterMs: 100 }),
    });
    const { value, tookMs } = await timed(here.client.players.get("ada"));
    expect([value, tookMs]).toEqual([ADA, 300]);
    expect(here.network.calls.map(({ wasEnded }) => wasEnded)).toEqual([false, true]);
  });

  it("waits for the other attempt when one of two fails", async () => {
    const slowly: Script = async (request) => {
      await passed(300);
      return connectionRefused(request);
    };
    const here = world({ [A]: slowly, [B]: answering(ADA, { afterMs: 400 }), [C]: answering({ id: "c" }) });
    const { value, tookMs } = await timed(here.client.players.get("ada"));
    expect([value, tookMs]).toEqual([ADA, 650]);
    expect(asked(here)).toEqual([A, B]);
  });

  it("leaves a server that loses again and again, though nobody waited for it to the end", async () => {
    const here = world({ [A]: frozen, [B]: answering(ADA) });
    // Its probe fails after two seconds; before that, three lost reads tell.
    for (let read = 0; read < 4; read++) {
      const call = here.client.players.get("ada");
      await vi.advanceTimersByTimeAsync(250);
      await call;
    }
    expect(asked(here)).toEqual([A, B, A, B, A, B, B]);
  });
});

describe("a write", () => {
  it("is never asked of two servers at once, and of another when the first stays silent", async () => {
    const here = world({ [A]: frozen, [B]: answering(ADA) });
    const { value, tookMs } = await timed(here.client.players.edit("ada", { region: "eu" }));
    expect([value, tookMs]).toEqual([ADA, 600]);
    expect(asked(here)).toEqual([A, B]);
    expect(here.network.calls[0]?.wasEnded).toBe(true);
  });

  it("[ID2] carries one key to every server it is sent to, and another call another", async () => {
    const registered = answering({ player: ADA }, { status: 201 });
    const here = world({ [A]: connectionRefused, [B]: refusing(503, "outcome-unknown"), [C]: registered });
    const { value } = await timed(here.client.players.register({ username: "ada" }));
    await timed(here.client.players.register({ username: "bob" }));
    expect(value).toMatchObject({ player: ADA, isNew: true });
    const keys = here.network.calls.map(({ headers }) => headers.get("idempotency-key"));
    expect(asked(here)).toEqual([A, B, C, C]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0], keys[3]]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("has the caller's key, where it gives one", async () => {
    const here = world({ [A]: answering({ id: "m" }, { status: 201 }) });
    await timed(here.client.matches.create({ mode: "duel", capacity: 2 }, { idempotencyKey: "order-7" }));
    expect(here.network.calls[0]?.headers.get("idempotency-key")).toBe("order-7");
  });

  it("[IDM6] that bans is repeated with its key, wherever its outcome is unknown", async () => {
    const banned = answering({ id: "ban" }, { status: 201 });
    const here = world({ [A]: connectionRefused, [B]: refusing(503, "outcome-unknown"), [C]: banned });
    const { value } = await timed(here.client.players.ban("ada", { reason: "cheats" }));
    expect(value).toEqual({ id: "ban" });
    const keys = here.network.calls.map(({ headers }) => headers.get("idempotency-key"));
    expect(asked(here)).toEqual([A, B, C]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
  });

  /** A call of which nothing is known but that it may be made once. */
  const once = (here: ReturnType<typeof world>) =>
    timed(here.client.call({ method: "POST", path: ["v1", "once"], body: {}, repeatable: false }));

  it("that must not happen twice is not repeated when its outcome is unknown", async () => {
    const here = world({ [A]: connectionRefused, [B]: answering({ id: "once" }, { status: 201 }) });
    const { error } = await once(here);
    expect(error).toBeInstanceOf(ServerUnreachableError);
    expect(asked(here)).toEqual([A]);
  });

  it.each([
    ["it is not ready", refusing(503, "not-ready")],
    ["it did not read the request", () => new Response("", { status: 408 })],
  ] satisfies [string, Script][])(
    "that must not happen twice leaves a server when %s",
    async (_why, script) => {
      const here = world({ [A]: script, [B]: answering({ id: "once" }, { status: 201 }) });
      const { value } = await once(here);
      expect(value).toMatchObject({ body: { id: "once" } });
    },
  );

  it("that was not read has no outcome that could be unknown", async () => {
    const here = world({
      [A]: () => new Response("", { status: 408 }),
      [B]: refusing(409, "match-not-open"),
    });
    const { error } = await timed(here.client.matches.start("m"));
    expect(error).toMatchObject({ code: "match-not-open", afterUnknownOutcome: false });
  });

  it("stands although it is not acknowledged by others, and is not repeated", async () => {
    const here = world({ [A]: refusing(504, "not-acknowledged-yet"), [B]: answering(ADA) });
    const { error } = await timed(here.client.players.edit("ada", {}, { ack: 1 }));
    expect(error).toMatchObject({ code: "not-acknowledged-yet", status: 504 });
    expect(here.network.calls.map(({ path }) => path)).toEqual(["/v1/players/ada?ack=1"]);
  });

  it("that started a match, and whose answer was lost, is answered with the running match", async () => {
    const running = { id: "m", state: "running" };
    const other: Script = ({ method, path }) => {
      if (path === "/readyz") return Response.json({});
      return method === "GET" ? Response.json(running) : problemAnswer(409, "match-not-open");
    };
    const here = world({ [A]: frozen, [B]: other });
    expect((await timed(here.client.matches.start("m"))).value).toEqual(running);
    const again = await timed(here.client.matches.start("m"));
    expect(again.error).toMatchObject({ code: "match-not-open", afterUnknownOutcome: false });
  });
});

describe("a match that was not started by an attempt whose answer was lost", () => {
  it("is refused as it is", async () => {
    const other: Script = ({ method, path }) => {
      if (path === "/readyz") return Response.json({});
      return method === "GET" ? Response.json({ state: "cancelled" }) : problemAnswer(409, "match-not-open");
    };
    const here = world({ [A]: frozen, [B]: other });
    const { error } = await timed(here.client.matches.start("m"));
    expect(error).toMatchObject({ code: "match-not-open", afterUnknownOutcome: true });
  });
});

describe("time", () => {
  it("ends a call that no server answers, and says what happened", async () => {
    const here = world({ [A]: connectionRefused, [B]: connectionRefused });
    const { error, tookMs } = await timed(here.client.players.get("ada", { timeoutMs: 3_000 }));
    expect(error).toBeInstanceOf(NoServerReachableError);
    expect(error).toMatchObject({ code: "no-server-reachable", retryable: true });
    expect((error as NoServerReachableError).attempts.map(({ code }) => code)).toContain(
      "server-unreachable",
    );
    // It ends when the next attempt would come too late.
    expect(tookMs).toBeLessThanOrEqual(3_000);
    expect(here.network.calls.length).toBeGreaterThan(4);
    expect(here.network.calls.length).toBeLessThan(20);
  });

  it("is not over while a server may come back", async () => {
    const here = world({ [A]: connectionRefused });
    const call = timed(here.client.players.get("ada"));
    setTimeout(() => here.network.scripts.set(A, answering(ADA)), 4_000);
    const { value, tookMs } = await call;
    expect(value).toEqual(ADA);
    expect(tookMs).toBeGreaterThanOrEqual(4_000);
    expect(tookMs).toBeLessThan(9_100);
  });

  it("gives a server longer with each round, so that slow ones answer in the end", async () => {
    const here = world({ [A]: answering(ADA, { afterMs: 2_000 }) });
    const { value } = await timed(here.client.players.get("ada", { timeoutMs: 20_000 }));
    expect(value).toEqual(ADA);
    expect(asked(here)).toEqual([A, A, A]);
  });

  it("is given to a server that is far away, once that is known", async () => {
    const far = answering(ADA, { afterMs: 900, probeMs: 400 });
    const here = world({ [A]: far, [B]: far });
    await timed(here.client.players.get("ada"));
    const before = here.network.calls.length;
    expect((await timed(here.client.players.edit("ada", {}))).tookMs).toBe(900);
    expect(here.network.calls).toHaveLength(before + 1);
  });

  it("that a call has not left says nothing of the server, which stays in use", async () => {
    const here = world({ [A]: answering(ADA, { afterMs: 500 }), [B]: answering({ id: "b" }) });
    const { error, tookMs } = await timed(here.client.players.edit("ada", {}, { timeoutMs: 300 }));
    expect([(error as RollcallError).code, tookMs]).toEqual(["no-server-reachable", 300]);
    expect((error as NoServerReachableError).attempts.map(({ code }) => code)).toEqual(["server-silent"]);
    expect((await timed(here.client.players.edit("ada", {}))).value).toEqual(ADA);
  });

  it("is the caller's: its signal ends the call with its reason", async () => {
    const ending = new AbortController();
    const here = world({ [A]: frozen });
    const call = timed(here.client.players.get("ada", { signal: ending.signal }));
    const reason = new RangeError("the game is over");
    setTimeout(() => ending.abort(reason), 100);
    expect(await call).toEqual({ error: reason, tookMs: 100 });
    expect(here.network.calls[0]?.wasEnded).toBe(true);
    const late = await timed(here.client.players.get("ada", { signal: ending.signal }));
    expect(late.error).toBe(reason);
    expect(here.network.calls).toHaveLength(1);
  });

  it("leaves no timer behind, and nobody who listens to the caller's signal", async () => {
    const here = world({ [A]: answering(ADA) });
    const { signal } = new AbortController();
    await here.client.players.get("ada", { signal });
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a limit", () => {
  const limited = refusing(429, "rate-limited", { "retry-after": "2" });

  it("is kept: the call waits as asked, and does not go around it at another server", async () => {
    const here = world({ [A]: inTurn(limited, answering(ADA)), [B]: answering({ id: "b" }) });
    const { value, tookMs } = await timed(here.client.players.edit("ada", {}));
    expect(value).toEqual(ADA);
    expect(tookMs).toBeGreaterThanOrEqual(2_000);
    expect(asked(here)).toEqual([A, A]);
  });

  it("that lasts longer than the call is told at once", async () => {
    const here = world({ [A]: refusing(429, "rate-limited", { "retry-after": "30" }), [B]: answering(ADA) });
    const { error, tookMs } = await timed(here.client.players.edit("ada", {}));
    expect(error).toMatchObject({ code: "rate-limited", retryable: true, retryAfterMs: 30_000 });
    expect(tookMs).toBe(0);
  });
});

describe("own writes", () => {
  const writing = answering(ADA, { headers: { "rollcall-position": POSITION } });
  const behind = refusing(503, "not-replicated-yet", { "retry-after": "1" });
  const lagging: Script = async (request) => {
    if (request.headers.has("rollcall-after")) await passed(Number(request.headers.get("rollcall-wait")));
    return request.headers.has("rollcall-after") ? behind(request) : answering(ADA)(request);
  };

  it("are asked for at every server, with all that was written anywhere", async () => {
    const here = world({ [A]: writing, [B]: answering(ADA, { headers: { "rollcall-position": LATER } }) });
    await timed(here.client.players.edit("ada", {}));
    here.network.scripts.delete(A);
    await timed(here.client.players.edit("ada", {}));
    await timed(here.client.players.get("ada"));
    const after = here.network.calls.map(({ headers }) => headers.get("rollcall-after"));
    expect(after).toEqual([null, POSITION, POSITION, `${POSITION}, ${LATER}`]);
    expect(here.client.positions.kept).toEqual([POSITION, LATER]);
  });

  it("of an earlier start, or of somebody else, are seen, too", async () => {
    const here = world({ [A]: answering(ADA) }, { positions: [POSITION] });
    here.client.positions.see(LATER);
    await timed(here.client.players.get("ada"));
    expect(here.network.calls[0]?.headers.get("rollcall-after")).toBe(`${POSITION}, ${LATER}`);
  });

  it("are found at another server when one lags, which stays in good health", async () => {
    const here = world({ [A]: lagging, [B]: answering({ id: "b" }) }, { positions: [POSITION] });
    const { value, tookMs } = await timed(here.client.players.edit("ada", {}));
    expect([value, tookMs]).toEqual([{ id: "b" }, 300]);
    here.network.scripts.set(A, answering(ADA));
    expect((await timed(here.client.players.get("ada"))).value).toEqual(ADA);
  });

  it("that no server has any more are given up after about a second, and only they", async () => {
    const here = world({ [A]: lagging, [B]: lagging, [C]: connectionRefused }, { positions: [POSITION] });
    const { value, tookMs } = await timed(here.client.players.edit("ada", {}));
    expect(value).toEqual(ADA);
    expect(tookMs).toBeLessThan(1_000);
    expect(here.client.positions.kept).toEqual([]);
    expect(here.troubles).toContain("not-replicated-yet");
  });

  it("are given up within about a second by a single server, too", async () => {
    const here = world({ [A]: lagging }, { positions: [POSITION] });
    const { value, tookMs } = await timed(here.client.players.edit("ada", {}));
    expect(value).toEqual(ADA);
    expect(tookMs).toBeLessThan(1_000);
  });

  it("that are missed by servers who were not asked for any do not make a storm", async () => {
    const here = world({ [A]: behind, [B]: behind });
    const { error } = await timed(here.client.players.edit("ada", {}));
    expect(error).toMatchObject({ code: "not-replicated-yet" });
    expect(here.network.calls.length).toBeLessThan(50);
  });

  it("are never given up where they are required: the call fails", async () => {
    const required = { positions: [POSITION], ownWrites: "require" } as const;
    const here = world({ [A]: lagging, [B]: lagging }, required);
    const { error } = await timed(here.client.players.get("ada"));
    expect(error).toMatchObject({ code: "not-replicated-yet", status: 503, retryable: true });
    expect(here.client.positions.kept).toEqual([POSITION]);
  });

  it("that do not come in the time of a short call are what it fails with", async () => {
    const required = { positions: [POSITION], ownWrites: "require" } as const;
    const here = world({ [A]: lagging }, required);
    for (const timeoutMs of [100, 500, 1_000, 1_100]) {
      const { error, tookMs } = await timed(here.client.players.get("ada", { timeoutMs }));
      expect(error).toMatchObject({ code: "not-replicated-yet" });
      expect(tookMs).toBeLessThanOrEqual(timeoutMs);
    }
  });

  it("are seen where they are required, once a server has them", async () => {
    const required = { positions: [POSITION], ownWrites: "require" } as const;
    const here = world({ [A]: lagging }, required);
    setTimeout(() => here.network.scripts.set(A, answering({ id: "seen" })), 5_000);
    expect((await timed(here.client.players.get("ada"))).value).toEqual({ id: "seen" });
  });
});

describe("probes", () => {
  it("bring the clearly faster server into use, without any call waiting for them", async () => {
    const here = world({ [A]: answering(ADA, { probeMs: 90 }), [B]: answering(ADA, { probeMs: 20 }) });
    expect((await timed(here.client.players.get("ada"))).tookMs).toBe(0);
    await timed(here.client.players.get("ada"));
    expect(asked(here)).toEqual([A, B]);
  });

  it("find a server that is back", async () => {
    const here = world({ [A]: connectionRefused, [B]: answering(ADA) });
    await timed(here.client.players.get("ada"));
    here.network.scripts.set(A, answering(ADA));
    await timed(here.client.players.get("ada"));
    here.network.scripts.set(B, connectionRefused);
    const { value, tookMs } = await timed(here.client.players.get("ada"));
    expect([value, tookMs]).toEqual([ADA, 0]);
  });
});
