import supertest from "supertest";
import { beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { leaderboard, ratedModes } from "../../../src/http/contract/board.ts";
import { cluster, clusterSamples, digest } from "../../../src/http/contract/cluster.ts";
import { conflictPage } from "../../../src/http/contract/conflict.ts";
import { health, readiness } from "../../../src/http/contract/health.ts";
import { matchPage } from "../../../src/http/contract/match.ts";
import { player, playerPage } from "../../../src/http/contract/player.ts";
import { positionReport } from "../../../src/http/contract/position.ts";
import { problem } from "../../../src/http/contract/problem.ts";
import { jwks, registered } from "../../../src/http/contract/session.ts";
import { API_KEY, OPS_TOKEN, openHttpWorld } from "../../support/http-app.ts";

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>;
}

describe("GET /openapi.json", () => {
  let paths: Record<string, Record<string, Operation>>;
  let schemas: Record<
    string,
    { readonly properties: Record<string, object>; readonly additionalProperties?: boolean }
  >;

  beforeAll(async () => {
    const { app } = await openHttpWorld();
    const { status, body } = await supertest(app).get("/openapi.json");
    expect([status, body.openapi, body.info.version]).toEqual([200, "3.1.0", "1.2.3"]);
    ({ paths } = body);
    ({ schemas } = body.components);
  });

  it("has every path that is served, itself too", () => {
    const served = Object.entries(paths).map(
      ([path, operations]) => `${path} ${Object.keys(operations).sort()}`,
    );
    expect(served.sort()).toEqual([
      "/.well-known/jwks.json get",
      "/docs get",
      "/healthz get",
      "/metrics get",
      "/openapi.json get",
      "/readyz get",
      "/v1/audit get",
      "/v1/cluster get",
      "/v1/cluster/digest get",
      "/v1/cluster/members/{name}/forget post",
      "/v1/cluster/samples get",
      "/v1/cluster/verify get,post",
      "/v1/conflicts get",
      "/v1/documents/{id} get",
      "/v1/documents/{id}/conflicts get",
      "/v1/documents/{id}/diff get",
      "/v1/documents/{id}/history get",
      "/v1/documents/{id}/restore post",
      "/v1/events get",
      "/v1/leaderboards get",
      "/v1/leaderboards/{mode} get",
      "/v1/matches get,post",
      "/v1/matches/{id} get",
      "/v1/matches/{id}/cancel post",
      "/v1/matches/{id}/players/{playerId} delete,put",
      "/v1/matches/{id}/reports/{playerId} put",
      "/v1/matches/{id}/settlement post",
      "/v1/matches/{id}/start post",
      "/v1/players get,post",
      "/v1/players/{id} delete,get,patch",
      "/v1/players/{id}/bans post",
      "/v1/players/{id}/bans/{banId} delete",
      "/v1/players/{id}/export get",
      "/v1/players/{id}/identities/{provider}/{subject} delete,put",
      "/v1/players/{id}/matches get",
      "/v1/players/{id}/merge post",
      "/v1/players/{id}/ratings get",
      "/v1/positions/{position} get",
      "/v1/presence put",
      "/v1/sessions post",
    ]);
  });

  it("[IDM1] takes an idempotency key with every POST, and with nothing else", () => {
    for (const operations of Object.values(paths)) {
      for (const [method, { operationId, parameters = [] }] of Object.entries(operations)) {
        const key = parameters.find(
          ({ name, in: place }) => place === "header" && name === "idempotency-key",
        );
        expect([operationId, key !== undefined]).toEqual([operationId, method === "post"]);
      }
    }
  });

  it("has the very schemas that validate", () => {
    const patch = paths["/v1/players/{id}"]?.patch;
    expect(Object.keys(patch?.requestBody?.content ?? {})).toEqual([
      "application/merge-patch+json",
      "application/json",
    ]);
    expect(schemas.NewPlayer?.additionalProperties).toBe(false);
    expect(schemas.NewPlayer?.properties.username).toMatchObject({
      type: "string",
      minLength: 1,
      maxLength: 32,
    });
    const limit = paths["/v1/players"]?.get?.parameters?.find(({ name }) => name === "limit");
    expect(limit).toMatchObject({
      in: "query",
      schema: { type: "integer", minimum: 1, maximum: 100, default: 20 },
    });
    const headers = patch?.parameters
      ?.filter((parameter) => parameter.in === "header")
      .map(({ name }) => name);
    expect(headers).toEqual(["rollcall-after", "rollcall-wait", "if-match"]);
    expect(patch?.parameters?.find(({ name }) => name === "ack")).toMatchObject({
      in: "query",
      schema: { type: "integer", minimum: 0, maximum: 100, default: 0 },
    });
    expect(schemas.NewMatch?.properties.capacity).toMatchObject({ minimum: 1, maximum: 1_000 });
    expect(schemas.NewBan?.properties.until).toMatchObject({ type: "string", format: "date-time" });
    expect(schemas.Report?.properties.ranks).toMatchObject({
      type: "object",
      additionalProperties: { type: "integer", minimum: 1, maximum: 1_000 },
    });
  });

  it("says who may", () => {
    expect(paths["/v1/cluster"]?.get?.security).toEqual([{ token: [] }]);
    expect(paths["/v1/players/{id}/bans"]?.post?.security).toEqual([{ token: [] }]);
    expect(paths["/v1/players"]?.get?.security).toEqual([{}, { token: [] }]);
  });
});

describe("an answer has what its schema says, and nothing else", () => {
  const ADA = { identity: { provider: "steam", subject: "1" }, username: "ada", metadata: { a: 1 } };
  const CASES: readonly [string, z.ZodType, string?][] = [
    ["/v1/players", playerPage],
    ["/v1/players", playerPage, API_KEY],
    ["/v1/cluster", cluster, OPS_TOKEN],
    ["/v1/cluster/digest", digest, OPS_TOKEN],
    ["/v1/cluster/samples", clusterSamples, OPS_TOKEN],
    ["/v1/positions/0123456789abcdef0123456789abcdef:1", positionReport],
    ["/v1/matches", matchPage],
    ["/v1/conflicts", conflictPage, OPS_TOKEN],
    ["/v1/leaderboards", ratedModes],
    ["/v1/leaderboards/duel", leaderboard],
    ["/.well-known/jwks.json", jwks],
    ["/healthz", health],
    ["/readyz", readiness],
    ["/nowhere", problem],
    ["/v1/players?limit=x", problem],
  ];

  it.each(CASES)("GET %s", async (path, schema, token) => {
    const { app } = await openHttpWorld();
    const { body: made } = await supertest(app).post("/v1/players").send(ADA);
    const match = { mode: "duel", capacity: 2, hostId: made.player.id, metadata: { map: "dust" } };
    await supertest(app).post("/v1/matches").send(match);
    const { body } = await supertest(app)
      .get(path)
      .set(token === undefined ? {} : { Authorization: `Bearer ${token}` });
    expect(schema.parse(body)).toEqual(body);
  });

  it("a player, as made and as read", async () => {
    const { app } = await openHttpWorld();
    const withKey = { Authorization: `Bearer ${API_KEY}` };
    const made = await supertest(app).post("/v1/players").set(withKey).send(ADA);
    expect(registered.parse(made.body)).toEqual(made.body);
    const read = await supertest(app)
      .get(made.headers.location ?? "")
      .set(withKey);
    expect(player.parse(read.body)).toEqual(read.body);
  });
});
