import type { IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentIdOf } from "../../../../src/cli/operator/document-id.ts";
import { OperatorApi } from "../../../../src/cli/operator/operator-api.ts";
import { askServer } from "../../../../src/cli/operator/server-status.ts";
import { ADA, BOB, CONFLICTS, clusterOf, digestOf } from "../../../support/operator-answers.ts";
import { NOW } from "../../../support/screens.ts";
import { answer, refuse, type SmallServer, startSmallServer } from "../../../support/small-server.ts";

interface Asked {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

const asked: Asked[] = [];
/** What is answered, by method and path; a number is a refusal. */
let answers: Readonly<Record<string, object | number>> = {};
let server: SmallServer;
let api: OperatorApi;

beforeEach(async () => {
  asked.length = 0;
  server = await startSmallServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://server");
    asked.push({ line: `${request.method} ${pathname}${search}`, headers: request.headers });
    const known =
      answers[`${request.method} ${pathname}${search}`] ?? answers[`${request.method} ${pathname}`];
    if (typeof known === "object") answer(response, 200, known);
    else refuse(response, known ?? 404, known === 503 ? "not-ready" : "not-found");
  });
  api = new OperatorApi({ url: server.url, token: "token-of-operators", operator: "grace" });
});

afterEach(async () => {
  api.close();
  await server.kill();
});

test("calls carry the token and who asks", async () => {
  answers = { "GET /v1/cluster": clusterOf("server-1", []) };
  expect((await api.cluster()).server).toBe("server-1");
  expect(asked[0]?.headers).toMatchObject({
    authorization: "Bearer token-of-operators",
    "rollcall-operator": "grace",
  });
});

test("a list goes on over its pages until there is as much as was asked for", async () => {
  const items = Array.from({ length: 100 }, () => CONFLICTS[0]);
  answers = {
    "GET /v1/conflicts?kind=field&limit=100": { items, next: "older" },
    "GET /v1/conflicts?kind=field&limit=50&cursor=older": { items: items.slice(50), next: "oldest" },
  };
  const found = await api.conflicts({ kind: "field", since: undefined }, 150);
  expect([found.items.length, found.more]).toEqual([150, true]);
});

test("a list ends where there is no more", async () => {
  answers = { [`GET /v1/documents/${ADA}/conflicts`]: { items: CONFLICTS, next: null } };
  expect(await api.conflictsOf(ADA, {}, 10)).toEqual({ items: CONFLICTS, more: false });
});

test("what the contract does not know is refused, and says which server", async () => {
  answers = { "GET /v1/cluster": { server: 7 }, "GET /v1/cluster/digest": 404 };
  const why = `${server.url} answers GET /v1/cluster otherwise than this rollcall expects`;
  await expect(api.cluster()).rejects.toMatchObject({ code: "refused", message: why });
  await expect(api.digest()).rejects.toMatchObject({ message: `${server.url} refuses: not-found` });
});

test("a token that is not taken says whose it has to be", async () => {
  answers = { "GET /v1/cluster": 401 };
  const without = new OperatorApi({ url: server.url, token: undefined });
  await expect(without.cluster()).rejects.toThrow("wants the operators' token (--token or ROLLCALL_TOKEN)");
  await expect(api.cluster()).rejects.toThrow("refuses the token");
  without.close();
});

test("what changes something is sent once, by a key of its own, and says when its outcome is not known", async () => {
  answers = { "POST /v1/cluster/members/eu%2F3/forget": clusterOf("server-1", []) };
  expect((await api.forget("eu/3", "its disk is gone")).server).toBe("server-1");
  await expect(api.restore(ADA, { path: "region", change: "a" })).rejects.toMatchObject({ code: "refused" });
  const keys = asked.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(2);
  answers = { "POST /v1/cluster/members/eu-3/forget": 503 };
  asked.length = 0;
  const why = "answers 503: not-ready; it may have been done all the same: look before you repeat it";
  await expect(api.forget("eu-3", undefined)).rejects.toThrow(why);
  expect(asked).toHaveLength(1);
});

test("a verification is begun by one call, and followed by another", async () => {
  const began = { state: "running", startedAt: NOW, documents: 0, entries: 0, faults: [], faultsFound: 0 };
  const done = { ...began, state: "done", finishedAt: NOW, documents: 7 };
  answers = { "POST /v1/cluster/verify": began, "GET /v1/cluster/verify": done };
  expect([await api.startVerification(), await api.verification()]).toEqual([began, done]);
  expect(asked.map(({ line }) => line)).toEqual(["POST /v1/cluster/verify", "GET /v1/cluster/verify"]);
  answers = {};
  expect(await api.verification(), "of a server that was started since").toBeUndefined();
});

test("a server that is away is so at once, without another try", async () => {
  await server.kill();
  const { state, reasons } = await askServer(api);
  expect([state, reasons.length]).toEqual(["away", 1]);
  expect(reasons[0]).toContain(`${server.url} cannot be reached: connect ECONNREFUSED`);
});

test("a server that is not ready says why, and what it knows all the same", async () => {
  answers = {
    "GET /readyz": 503,
    "GET /v1/cluster": clusterOf("server-1", []),
    "GET /v1/cluster/digest": 503,
  };
  expect(await askServer(api)).toMatchObject({
    state: "not ready",
    reasons: ["not-ready", `${server.url} answers 503: not-ready`],
    cluster: { server: "server-1" },
  });
  answers = {
    ...answers,
    "GET /readyz": { status: "degraded", degraded: ["x"] },
    "GET /v1/cluster/digest": digestOf(1),
  };
  expect(await askServer(api)).toMatchObject({ state: "degraded", reasons: ["x"], digest: { entries: 1 } });
});

test("a document is named by its id, or by a username that one player has", async () => {
  const called = (...ids: string[]) => ({ playersCalled: async () => ids });
  expect(await documentIdOf(ADA.toUpperCase(), called())).toBe(ADA);
  expect(await documentIdOf("ada", called(ADA))).toBe(ADA);
  await expect(documentIdOf("ada", called())).rejects.toThrow('"ada" is no id, and no player is called so');
  await expect(documentIdOf("ada", called(ADA, BOB))).rejects.toThrow(`by its id: ${ADA}, ${BOB}`);
});
