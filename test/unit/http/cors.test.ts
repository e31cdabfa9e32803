/** Calls from pages of other origins. */
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import type { AllowedOrigins } from "../../../src/http/cors.ts";
import { openHttpWorld } from "../../support/http-app.ts";

const GAME = "https://game.example";
const OTHER = "https://other.example";
const LISTED: AllowedOrigins = [GAME, "http://127.0.0.1:5173"];

const preflight = (
  app: Parameters<typeof supertest>[0],
  origin: string,
  method = "PATCH",
  path = "/v1/players/x",
) => supertest(app).options(path).set({ Origin: origin, "Access-Control-Request-Method": method });

const listOf = (header: string | undefined) => header?.toLowerCase().split(", ");

describe("a page of an allowed origin", () => {
  it.each([
    [LISTED, GAME],
    ["*", "*"],
  ] as const)("may call and read what the client needs: %s", async (allowedOrigins, told) => {
    const { app } = await openHttpWorld({ allowedOrigins, access: { openWrites: false } });
    const answers = [
      await supertest(app).post("/v1/players").set("Origin", GAME).send({}),
      await supertest(app).get("/v1/players/x").set("Origin", GAME),
      await supertest(app).get("/healthz").set("Origin", GAME),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 200]);
    for (const { headers } of answers) {
      expect(headers["access-control-allow-origin"]).toBe(told);
      expect(headers.vary).toBe(told === "*" ? undefined : "Origin");
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
      expect(listOf(headers["access-control-expose-headers"])).toEqual(
        expect.arrayContaining([
          "rollcall-position",
          "etag",
          "retry-after",
          "rollcall-server",
          "ratelimit",
          "ratelimit-policy",
          "date",
          "location",
          "link",
        ]),
      );
    }
  });

  it("is told beforehand what it may send, without counting as a request", async () => {
    const { app } = await openHttpWorld({ allowedOrigins: LISTED, rateLimitPerMinute: 1 });
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const { status, headers, text } = await preflight(app, GAME, method);
      expect([status, text]).toEqual([204, ""]);
      expect(headers["access-control-allow-origin"]).toBe(GAME);
      expect(listOf(headers["access-control-allow-methods"])).toContain(method.toLowerCase());
      expect(listOf(headers["access-control-allow-headers"])).toEqual(
        expect.arrayContaining([
          "authorization",
          "content-type",
          "idempotency-key",
          "if-match",
          "last-event-id",
          "rollcall-after",
          "rollcall-wait",
        ]),
      );
      expect(Number(headers["access-control-max-age"])).toBeGreaterThan(0);
      expect(headers.vary).toBe("Origin");
      expect(headers["rollcall-server"]).toBe("eu-1");
    }
    expect((await supertest(app).get("/v1/players").set("Origin", GAME)).status).toBe(200);
    const { status, headers } = await supertest(app).get("/v1/players").set("Origin", GAME);
    expect([status, headers["access-control-allow-origin"]]).toEqual([429, GAME]);
  });

  it("reads compressed answers, which vary by more than the origin", async () => {
    const { app } = await openHttpWorld({ allowedOrigins: LISTED });
    const { headers } = await supertest(app)
      .get("/openapi.json")
      .set({ Origin: GAME, "Accept-Encoding": "gzip" });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(listOf(headers.vary)?.sort()).toEqual(["accept-encoding", "origin"]);
    expect(headers["access-control-allow-origin"]).toBe(GAME);
  });
});

describe("a page of any other origin", () => {
  it.each([[[]], [LISTED]])("is told nothing: %j", async (allowedOrigins) => {
    const { app } = await openHttpWorld({ allowedOrigins });
    for (const origin of [OTHER, "null", `${GAME}.evil.example`, "https://GAME.example"]) {
      const asked = await preflight(app, origin, "GET", "/v1/players");
      const read = await supertest(app).get("/v1/players").set("Origin", origin);
      expect([asked.status, asked.body.code, read.status]).toEqual([405, "method-not-allowed", 200]);
      for (const { headers } of [asked, read]) {
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    }
  });
});

it("what is no preflight stays a method that is not served", async () => {
  const { app } = await openHttpWorld({ allowedOrigins: "*" });
  const { status, headers } = await supertest(app).options("/v1/players").set("Origin", GAME);
  expect([status, headers.allow]).toEqual([405, "POST, GET, HEAD"]);
});
