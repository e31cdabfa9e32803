/**
 * Every row of the outer contract with every status that it documents, on the real application. That each answer is
 * as documented is checked where it is sent (`checked-listener.ts`); here it is checked that none is missing.
 */
import { randomUUID } from "node:crypto";
import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENTRY_KIND, encodeOriginBegan } from "../../../crdt/entry.ts";
import { documentedCalls, documentedStatuses } from "../../support/answer-check.ts";
import { seenAnswers } from "../../support/checked-listener.ts";
import { type HttpWorld, type HttpWorldOptions, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, asPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";
import { entryOf } from "../../support/log-fixtures.ts";

interface Call {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly url: string;
  readonly as?: { readonly Authorization: string };
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const ORIGIN_UNKNOWN = "f".repeat(32);
/** A server that has written, and is not heard. */
const GONE = "asia-1";
const BIG = "x".repeat(40_000);
/** The same of all operations, and no call of a client's brings it about: `failures.test.ts`. */
const EVERYWHERE_ELSE = [500];
/** The rows of the outer contract that are served; those of merge history join them when they are. */
const ROWS = [
  "POST /v1/players",
  "POST /v1/sessions",
  "GET /v1/players/{id}",
  "GET /v1/players",
  "PATCH /v1/players/{id}",
  "PUT /v1/players/{id}/identities/{provider}/{subject}",
  "DELETE /v1/players/{id}/identities/{provider}/{subject}",
  "DELETE /v1/players/{id}",
  "POST /v1/players/{id}/bans",
  "DELETE /v1/players/{id}/bans/{banId}",
  "POST /v1/players/{id}/merge",
  "GET /v1/players/{id}/export",
  "GET /v1/players/{id}/matches",
  "GET /v1/players/{id}/ratings",
  "POST /v1/matches",
  "GET /v1/matches",
  "GET /v1/matches/{id}",
  "PUT /v1/matches/{id}/players/{playerId}",
  "DELETE /v1/matches/{id}/players/{playerId}",
  "POST /v1/matches/{id}/start",
  "POST /v1/matches/{id}/cancel",
  "PUT /v1/matches/{id}/reports/{playerId}",
  "POST /v1/matches/{id}/settlement",
  "PUT /v1/presence",
  "GET /v1/leaderboards",
  "GET /v1/leaderboards/{mode}",
  "GET /v1/documents/{id}",
  "GET /v1/documents/{id}/history",
  "GET /v1/documents/{id}/conflicts",
  "GET /v1/documents/{id}/diff",
  "POST /v1/documents/{id}/restore",
  "GET /v1/conflicts",
  "GET /v1/audit",
  "GET /v1/cluster",
  "GET /v1/cluster/digest",
  "GET /v1/cluster/samples",
  "POST /v1/cluster/members/{name}/forget",
  "POST /v1/cluster/verify",
  "GET /v1/cluster/verify",
  "GET /v1/positions/{position}",
  "GET /v1/events",
  "GET /healthz",
  "GET /readyz",
  "GET /metrics",
  "GET /openapi.json",
  "GET /docs",
  "GET /.well-known/jwks.json",
];
async function closedWorld(options: HttpWorldOptions = {}): Promise<HttpWorld> {
  return openHttpWorld({ ...options, access: { openWrites: false, ...options.access } });
}

async function send({ app }: HttpWorld, { method, url, as, body, headers = {} }: Call) {
  const type = method === "patch" ? "application/merge-patch+json" : "application/json";
  const request = supertest(app)
    [method](url)
    .set({ ...as, ...headers });
  return body === undefined
    ? request
    : request.set({ "Content-Type": type, ...headers }).send(JSON.stringify(body));
}

/** The records that calls are about. */
async function stage(world: HttpWorld) {
  const register = async (fields: object = {}) => {
    const identity = { provider: "device", subject: randomUUID() };
    const { body } = await send(world, { method: "post", url: "/v1/players", body: { identity, ...fields } });
    return { id: body.player.id as string, token: body.session.token as string, identity, ...body.session };
  };
  const [ada, bob] = [await register({ username: `ada-${randomUUID().slice(0, 8)}` }), await register()];
  const gone = await register();
  await send(world, { method: "delete", url: `/v1/players/${gone.id}`, as: AS_OPS });
  const match = async (fields: object = {}) => {
    const body = { mode: "duel", capacity: 2, hostId: ada.id, ...fields };
    return (await send(world, { method: "post", url: "/v1/matches", as: AS_KEY, body })).body.id as string;
  };
  const running = async () => {
    const id = await match();
    await send(world, { method: "put", url: `/v1/matches/${id}/players/${bob.id}`, as: AS_KEY });
    await send(world, { method: "post", url: `/v1/matches/${id}/start`, as: AS_KEY });
    return id;
  };
  const ban = async (id: string) => {
    const url = `/v1/players/${id}/bans`;
    return (await send(world, { method: "post", url, as: AS_KEY, body: { reason: "x" } })).body.id as string;
  };
  const headsOf = async (id: string) => {
    const { body } = await send(world, { method: "get", url: `/v1/documents/${id}`, as: AS_OPS });
    return body.heads.join() as string;
  };
  return { register, ada, bob, gone, match, running, ban, headsOf };
}

type Stage = Awaited<ReturnType<typeof stage>>;

/** A call of each operation that goes well, by its id. */
const GOOD: Readonly<Record<string, (on: Stage) => Call | Promise<Call>>> = {
  registerPlayer: () => ({ method: "post", url: "/v1/players", body: { region: "eu" } }),
  readPlayer: ({ ada }) => ({ method: "get", url: `/v1/players/${ada.id}` }),
  listPlayers: () => ({ method: "get", url: "/v1/players?limit=1" }),
  editPlayer: ({ ada }) => ({
    method: "patch",
    url: `/v1/players/${ada.id}`,
    as: asPlayer(ada.token),
    body: { region: "us" },
  }),
  linkIdentity: ({ ada }) => ({
    method: "put",
    url: `/v1/players/${ada.id}/identities/steam/${randomUUID()}`,
    as: AS_KEY,
  }),
  unlinkIdentity: ({ ada }) => ({
    method: "delete",
    url: `/v1/players/${ada.id}/identities/steam/1`,
    as: AS_KEY,
  }),
  erasePlayer: async ({ register }) => ({
    method: "delete",
    url: `/v1/players/${(await register()).id}`,
    as: AS_KEY,
  }),
  banPlayer: async ({ register }) => ({
    method: "post",
    url: `/v1/players/${(await register()).id}/bans`,
    as: AS_KEY,
    body: { reason: "x" },
  }),
  liftBan: async ({ register, ban }) => {
    const { id } = await register();
    return { method: "delete", url: `/v1/players/${id}/bans/${await ban(id)}`, as: AS_KEY };
  },
  mergePlayer: async ({ register }) => {
    const [one, other] = [await register(), await register()];
    return { method: "post", url: `/v1/players/${one.id}/merge`, as: AS_OPS, body: { into: other.id } };
  },
  exportPlayer: ({ ada }) => ({
    method: "get",
    url: `/v1/players/${ada.id}/export`,
    as: asPlayer(ada.token),
  }),
  listMatchesOfPlayer: ({ ada }) => ({ method: "get", url: `/v1/players/${ada.id}/matches` }),
  listRatingsOfPlayer: ({ ada }) => ({ method: "get", url: `/v1/players/${ada.id}/ratings` }),
  signIn: ({ ada }) => ({ method: "post", url: "/v1/sessions", body: { refreshToken: ada.refreshToken } }),
  readSessionKeys: () => ({ method: "get", url: "/.well-known/jwks.json" }),
  createMatch: ({ ada }) => ({
    method: "post",
    url: "/v1/matches",
    as: asPlayer(ada.token),
    body: { mode: "duel", capacity: 2 },
  }),
  readMatch: async ({ match }) => ({ method: "get", url: `/v1/matches/${await match()}` }),
  listMatches: () => ({ method: "get", url: "/v1/matches" }),
  joinMatch: async ({ match, bob }) => ({
    method: "put",
    url: `/v1/matches/${await match()}/players/${bob.id}`,
    as: asPlayer(bob.token),
  }),
  leaveMatch: async ({ match, ada }) => ({
    method: "delete",
    url: `/v1/matches/${await match()}/players/${ada.id}`,
    as: asPlayer(ada.token),
  }),
  startMatch: async ({ match, ada }) => ({
    method: "post",
    url: `/v1/matches/${await match()}/start`,
    as: asPlayer(ada.token),
  }),
  cancelMatch: async ({ match, ada }) => ({
    method: "post",
    url: `/v1/matches/${await match()}/cancel`,
    as: asPlayer(ada.token),
  }),
  reportResult: async ({ running, ada, bob }) => ({
    method: "put",
    url: `/v1/matches/${await running()}/reports/${ada.id}`,
    as: asPlayer(ada.token),
    body: { ranks: { [ada.id]: 1, [bob.id]: 2 } },
  }),
  settleResult: async ({ running, ada, bob }) => ({
    method: "post",
    url: `/v1/matches/${await running()}/settlement`,
    as: AS_OPS,
    body: { ranks: { [ada.id]: 1, [bob.id]: 2 }, reason: "seen" },
  }),
  listRatedModes: () => ({ method: "get", url: "/v1/leaderboards" }),
  readLeaderboard: () => ({ method: "get", url: "/v1/leaderboards/duel" }),
  announcePresence: ({ ada }) => ({ method: "put", url: "/v1/presence", as: asPlayer(ada.token), body: {} }),
  readPosition: () => ({ method: "get", url: `/v1/positions/${ORIGIN_UNKNOWN}:1` }),
  listConflicts: () => ({ method: "get", url: "/v1/conflicts", as: AS_OPS }),
  listConflictsOfDocument: ({ ada }) => ({
    method: "get",
    url: `/v1/documents/${ada.id}/conflicts`,
    as: AS_OPS,
  }),
  readDocument: ({ ada }) => ({ method: "get", url: `/v1/documents/${ada.id}`, as: AS_OPS }),
  listChangesOfDocument: ({ ada }) => ({
    method: "get",
    url: `/v1/documents/${ada.id}/history`,
    as: AS_OPS,
  }),
  compareDocument: async ({ ada, headsOf }) => {
    const heads = await headsOf(ada.id);
    return { method: "get", url: `/v1/documents/${ada.id}/diff?from=${heads}&to=${heads}`, as: AS_OPS };
  },
  restoreValue: async ({ register, headsOf }) => {
    const { id } = await register({ region: "eu" });
    const body = { path: "region", change: await headsOf(id) };
    return { method: "post", url: `/v1/documents/${id}/restore`, as: AS_OPS, body };
  },
  listAudit: () => ({ method: "get", url: "/v1/audit", as: AS_OPS }),
  readCluster: () => ({ method: "get", url: "/v1/cluster", as: AS_OPS }),
  forgetMember: () => ({ method: "post", url: `/v1/cluster/members/${GONE}/forget`, as: AS_OPS, body: {} }),
  startVerification: () => ({ method: "post", url: "/v1/cluster/verify", as: AS_OPS }),
  readVerification: () => ({ method: "get", url: "/v1/cluster/verify", as: AS_OPS }),
  listClusterSamples: () => ({ method: "get", url: "/v1/cluster/samples", as: AS_OPS }),
  readDigest: () => ({ method: "get", url: "/v1/cluster/digest", as: AS_OPS }),
  readHealth: () => ({ method: "get", url: "/healthz" }),
  readReadiness: () => ({ method: "get", url: "/readyz" }),
  readMetrics: () => ({ method: "get", url: "/metrics" }),
  readOpenApi: () => ({ method: "get", url: "/openapi.json" }),
  readDocs: () => ({ method: "get", url: "/docs" }),
  listenToEvents: () => ({ method: "get", url: "/v1/events", as: AS_OPS }),
};

const documented = documentedStatuses();
const GOOD_STATUSES = [200, 201, 202, 204];
/** It goes on until it is closed: `events.test.ts`. */
const ENDLESS = ["listenToEvents"];
const operations = [...documented.keys()].filter((id) => !ENDLESS.includes(id));

let world: HttpWorld;
let on: Stage;

beforeAll(async () => {
  world = await closedWorld();
  const began = { kind: ENTRY_KIND.originBegan, body: encodeOriginBegan(GONE) };
  await send(world, { method: "post", url: "/v1/cluster/verify", as: AS_OPS });
  await world.registry.receive([entryOf({ sequence: 1, documentId: null, hash: null, ...began })]);
  on = await stage(world);
});

const good = async (id: string): Promise<Call> => {
  const call = GOOD[id];
  if (!call) throw new RangeError(`${id} has no call here`);
  return call(on);
};
const having = (status: number) =>
  [...documented].filter(([, all]) => all.includes(status)).map(([id]) => id);
const withParameter = ({ url }: Call, parameter: string) =>
  `${url}${url.includes("?") ? "&" : "?"}${parameter}`;

describe.each(operations)("%s", (id) => {
  it("goes well", async () => {
    expect(GOOD_STATUSES).toContain((await send(world, await good(id))).status);
  });

  it("refuses what it does not know: 400", async () => {
    const call = await good(id);
    const { status, body } = await send(world, { ...call, url: withParameter(call, "nonsense=1") });
    expect([status, body.code]).toEqual([400, "invalid-request"]);
  });

  it("refuses a token that nobody gave out: 401", async () => {
    const { status } = await send(world, { ...(await good(id)), as: asPlayer("nonsense") });
    expect(status).toBe(401);
  });
});

it.each(having(429))("%s: 429 past the limit", async (id) => {
  const limited = await closedWorld({ rateLimitPerMinute: 1 });
  const { as: _as, ...call } = await good(id);
  await send(limited, { method: "get", url: "/v1/matches" });
  expect((await send(limited, call)).status).toBe(429);
});

it.each(having(413))("%s: 413 with a body of more than 32 KiB", async (id) => {
  expect((await send(world, { ...(await good(id)), body: { reason: BIG } })).status).toBe(413);
});

it.each(having(415))("%s: 415 with a body of another type", async (id) => {
  const headers = { "Content-Type": "text/csv" };
  expect((await send(world, { ...(await good(id)), headers })).status).toBe(415);
});

/** The same request, but for what it says. */
const otherBodies = (): Readonly<Record<string, object>> => ({
  createMatch: { capacity: 3 },
  banPlayer: { reason: "y" },
  mergePlayer: { into: on.ada.id },
  settleResult: { reason: "y" },
});

it.each(having(422))("%s: 422 with the key of another request, and nothing else for the same", async (id) => {
  const headers = { "Idempotency-Key": randomUUID() };
  const [call, elsewhere] = [await good(id), await good(id)];
  const first = await send(world, { ...call, headers });
  expect(GOOD_STATUSES).toContain(first.status);
  expect((await send(world, { ...call, headers })).status).toBe(first.status);
  const other = otherBodies()[id];
  const others = [
    ...(elsewhere.url === call.url ? [] : [elsewhere]),
    ...(other ? [{ ...call, body: { ...call.body, ...other } }] : []),
  ];
  expect(others.length).toBeGreaterThan(0);
  for (const another of others) {
    const { status, body } = await send(world, { ...another, headers });
    expect([status, body.code]).toEqual([422, "idempotency-key-reused"]);
  }
});

it.each(having(412))("%s: 412 of a record that is another by now, and it stays as it is", async (id) => {
  const call = await good(id);
  const before = world.registry.digest();
  const { status, body } = await send(world, { ...call, headers: { "If-Match": '"0"' } });
  expect([status, body.code]).toEqual([412, "precondition-failed"]);
  expect(world.registry.digest()).toEqual(before);
  const [record = ""] = /^\/v1\/\w+\/[^/?]+/.exec(call.url) ?? [];
  const { headers } = await send(world, { method: "get", url: record, as: AS_OPS });
  const asRead = { ...call, headers: { "If-Match": String(headers.etag) } };
  expect(GOOD_STATUSES).toContain((await send(world, asRead)).status);
});

it("a merged player is edited on the condition that is read at its id, which is the survivor's", async () => {
  const merge = await good("mergePlayer");
  const [, id = ""] = /players\/([^/]+)/.exec(merge.url) ?? [];
  const { into } = merge.body as { readonly into: string };
  const ids = [id, into];
  for (const one of ids) {
    const url = `/v1/players/${one}/identities/steam/of-${one}`;
    expect((await send(world, { method: "put", url, as: AS_KEY })).status).toBe(200);
  }
  const bans = [await on.ban(id), await on.ban(into)];
  expect((await send(world, merge)).status).toBe(200);
  const onCondition = async (call: Omit<Call, "as">) => {
    const { headers } = await send(world, { method: "get", url: `/v1/players/${id}` });
    return (await send(world, { ...call, as: AS_KEY, headers: { "If-Match": String(headers.etag) } })).status;
  };
  for (const [index, one] of ids.entries()) {
    const of = `/v1/players/${one}`;
    const patch = { method: "patch", url: of, body: { region: `r${index}` } } as const;
    expect(await onCondition(patch)).toBe(200);
    expect(await onCondition({ method: "delete", url: `${of}/identities/steam/of-${ids[1 - index]}` })).toBe(
      200,
    );
    expect(await onCondition({ method: "delete", url: `${of}/bans/${bans[1 - index]}` })).toBe(200);
  }
  expect(await onCondition({ method: "delete", url: `/v1/players/${into}` })).toBe(202);
});

it.each(having(504))("%s: 504 when nobody acknowledges", async (id) => {
  const call = await good(id);
  const headers = { "Rollcall-Wait": "0" };
  const { status, headers: answered } = await send(world, {
    ...call,
    url: withParameter(call, "ack=3"),
    headers,
  });
  expect([status, answered["rollcall-position"]]).toEqual([504, expect.any(String)]);
});

const WAIT_FOR_NOTHING = ["readReadiness", "listenToEvents", "readPosition", "readDigest"];
it.each(having(503).filter((id) => !WAIT_FOR_NOTHING.includes(id)))(
  "%s: 503 before it has what it waits for",
  async (id) => {
    const headers = { "Rollcall-After": `${ORIGIN_UNKNOWN}:1`, "Rollcall-Wait": "0" };
    const { status, body } = await send(world, { ...(await good(id)), headers });
    expect([status, body.code]).toEqual([503, "not-replicated-yet"]);
  },
);

it("readVerification: 404 before the first", async () => {
  const fresh = await closedWorld();
  const { status, body } = await send(fresh, await good("readVerification"));
  expect([status, body.code]).toEqual([404, "never-verified"]);
});

it.each(having(404).filter((id) => id !== "readVerification"))(
  "%s: 404 of a record that is not there",
  async (id) => {
    const call = await good(id);
    const url = call.url.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, UNKNOWN_ID).replace(GONE, "nobody");
    const body = id === "createMatch" ? { ...call.body, hostId: UNKNOWN_ID } : call.body;
    const presence = id === "announcePresence" ? { playerId: UNKNOWN_ID } : body;
    const as = id === "createMatch" || call.as?.Authorization !== AS_OPS.Authorization ? AS_KEY : call.as;
    const { status, body: answered } = await send(world, {
      ...call,
      url,
      as,
      ...(presence && { body: presence }),
    });
    expect([status, answered.code]).toEqual([404, expect.stringMatching(/-not-found$/)]);
  },
);

it.each(having(410))("%s: 410 of a player who was erased", async (id) => {
  const call = await good(id);
  const gone = on.gone.id;
  const url =
    id === "joinMatch"
      ? call.url.replace(/[^/]+$/, gone)
      : call.url.replace(/(?<=(?:players|documents)\/)[^/?]+/, gone);
  const key = { provider: "device", subject: on.gone.identity.subject };
  const bodies: Record<string, object> = {
    registerPlayer: { identity: key },
    createMatch: { ...call.body, hostId: gone },
    announcePresence: { playerId: gone },
  };
  const body = bodies[id] ?? call.body;
  const as = call.as?.Authorization === AS_OPS.Authorization ? AS_OPS : AS_KEY;
  const { status, body: answered } = await send(world, { ...call, url, as, ...(body && { body }) });
  expect([status, answered.code]).toEqual([410, "player-erased"]);
});

it.each(having(403))("%s: 403 for whom it is not", async (id) => {
  const call = await good(id);
  const steam = { identity: { provider: "steam", subject: "1" } };
  const isOps = call.as?.Authorization === AS_OPS.Authorization;
  const as = isOps ? AS_KEY : asPlayer((await on.register()).token);
  const strangers: Record<string, object> = {
    registerPlayer: steam,
    signIn: steam,
    createMatch: { mode: "duel", capacity: 2, hostId: on.ada.id },
    announcePresence: { playerId: on.ada.id },
  };
  const body = strangers[id] ?? call.body;
  const { status } = await send(world, {
    method: call.method,
    url: call.url,
    ...(as && { as }),
    ...(body && { body }),
  });
  expect(status).toBe(403);
});

describe("409", () => {
  it("registerPlayer: a name that is taken", async () => {
    const username = `taken-${randomUUID().slice(0, 8)}`;
    await on.register({ username });
    expect((await send(world, { method: "post", url: "/v1/players", body: { username } })).status).toBe(409);
  });

  it("editPlayer: a name that is taken", async () => {
    const username = `taken-${randomUUID().slice(0, 8)}`;
    await on.register({ username });
    const call = await good("editPlayer");
    expect((await send(world, { ...call, body: { username } })).status).toBe(409);
  });

  it("restoreValue: what the change did not set", async () => {
    const call = await good("restoreValue");
    const { status, body } = await send(world, { ...call, body: { ...call.body, path: "platform" } });
    expect([status, body.code]).toEqual([409, "nothing-to-restore"]);
  });

  it("linkIdentity: an account of somebody else", async () => {
    const call = await good("linkIdentity");
    await send(world, call);
    const other = call.url.replace(on.ada.id, on.bob.id);
    expect((await send(world, { ...call, url: other })).status).toBe(409);
  });

  it("joinMatch, leaveMatch, startMatch, cancelMatch: what was started, is over or empty", async () => {
    const id = await on.running();
    const { id: late } = await on.register();
    expect(
      (await send(world, { method: "put", url: `/v1/matches/${id}/players/${late}`, as: AS_KEY })).status,
    ).toBe(409);
    const leave = `/v1/matches/${id}/players/${on.bob.id}`;
    expect((await send(world, { method: "delete", url: leave, as: AS_KEY })).status).toBe(409);
    await send(world, { method: "post", url: `/v1/matches/${id}/cancel`, as: AS_KEY });
    expect((await send(world, { method: "post", url: `/v1/matches/${id}/start`, as: AS_KEY })).status).toBe(
      409,
    );
    const finished = await good("settleResult");
    await send(world, finished);
    const cancel = finished.url.replace("settlement", "cancel");
    expect((await send(world, { method: "post", url: cancel, as: AS_KEY })).status).toBe(409);
  });

  it("forgetMember: the server that is asked", async () => {
    const call = await good("forgetMember");
    const { status, body } = await send(world, { ...call, url: call.url.replace(GONE, "eu-1") });
    expect([status, body.code]).toEqual([409, "member-alive"]);
  });

  it("reportResult, settleResult: a match that does not run", async () => {
    const ranks = { [on.ada.id]: 1 };
    const id = await on.match();
    const report = {
      method: "put",
      url: `/v1/matches/${id}/reports/${on.ada.id}`,
      as: AS_KEY,
      body: { ranks },
    } as const;
    expect((await send(world, report)).status).toBe(409);
    const settle = { method: "post", url: `/v1/matches/${id}/settlement`, as: AS_OPS } as const;
    expect((await send(world, { ...settle, body: { ranks, reason: "x" } })).status).toBe(409);
  });
});

it("readDocument, compareDocument: 400 of a head that is not known", async () => {
  const head = "0".repeat(64);
  const of = `/v1/documents/${on.ada.id}`;
  for (const url of [`${of}?at=${head}`, `${of}/diff?from=${head}&to=${head}`]) {
    const { status, body } = await send(world, { method: "get", url, as: AS_OPS });
    expect([status, body.code]).toEqual([400, "unknown-head"]);
  }
});

it("registerPlayer: 200 of an identity that has a player", async () => {
  const { identity } = on.ada;
  expect((await send(world, { method: "post", url: "/v1/players", body: { identity } })).status).toBe(200);
});

it("readReadiness: 503 while it starts; listenToEvents: 503 when too many listen", async () => {
  const starting = await closedWorld({
    readiness: { ready: false, degraded: [], reasons: ["starting"] },
    listenersMax: 0,
  });
  expect((await send(starting, { method: "get", url: "/readyz" })).status).toBe(503);
  expect((await send(starting, { method: "get", url: "/v1/events", as: AS_OPS })).status).toBe(503);
});

it("listenToEvents: 400, 401, 403", async () => {
  const call = await good("listenToEvents");
  expect((await send(world, { ...call, url: "/v1/events?nonsense=1" })).status).toBe(400);
  expect((await send(world, { ...call, as: asPlayer("nonsense") })).status).toBe(401);
  expect((await send(world, { ...call, as: AS_KEY })).status).toBe(403);
});

it("serves the rows of the contract, and nothing else", () => {
  expect(documentedCalls().sort()).toEqual([...ROWS].sort());
});

afterAll(() => {
  // These answer 503 before PostgreSQL was reached, and never after: `serve.test.ts`.
  const early = ["readPosition 503", "readDigest 503"];
  const missing = [...documented].flatMap(([id, statuses]) =>
    statuses
      .filter((status) => !EVERYWHERE_ELSE.includes(status) && !seenAnswers.has(`${id} ${status}`))
      .map((status) => `${id} ${status}`),
  );
  expect(missing.filter((seen) => !early.includes(seen))).toEqual(["listenToEvents 200"]);
});
