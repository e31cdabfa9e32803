/** What a server answers when it cannot do what was asked: never a 2xx, and nothing of its insides. */
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import type { Registry } from "../../../src/registry/registry.ts";
import {
  BatchRefusedError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  OutcomeUnknownError,
  OverloadedError,
  StorageFullError,
} from "../../../src/storage/errors.ts";
import { openHttpWorld } from "../../support/http-app.ts";

const SECRET = "password of the database";

/** A registry whose calls all end in this error. */
function failing(error: Error) {
  const fail = () => Promise.reject(error);
  return (registry: Registry): Registry =>
    Object.assign(Object.create(registry), {
      players: { register: fail, edit: fail, read: fail, list: fail },
    });
}

const PATH = "/v1/players/0190f3c2-0000-7000-8000-000000000000";

describe("an error of storage", () => {
  const cause = new Error(SECRET);
  it.each([
    [new DatabaseUnavailableError(cause), "database-unavailable", "2"],
    [new DatabaseSlowError(cause), "database-slow", "2"],
    [new OutcomeUnknownError(cause), "outcome-unknown", "2"],
    [new StorageFullError(cause), "storage-full", "30"],
    [new OverloadedError(), "overloaded", "1"],
  ])("that a retry may help is 503 with Retry-After: %s", async (error, code, retryAfter) => {
    const { app, log } = await openHttpWorld({ registry: failing(error), undocumented: true });
    const answers = [
      await supertest(app).post("/v1/players").send({}),
      await supertest(app).patch(PATH).send({}),
      await supertest(app).get(PATH),
      await supertest(app).get("/v1/players"),
    ];
    for (const { status, body, headers, text } of answers) {
      expect([status, body.code, headers["retry-after"]]).toEqual([503, code, retryAfter]);
      expect(headers).not.toHaveProperty("rollcall-position");
      expect(text).not.toContain(SECRET);
    }
    expect(log).toEqual([]);
  });

  it.each([new BatchRefusedError("22021", new Error(SECRET)), new TypeError(SECRET), new Error("x")])(
    "that nobody foresaw is a 500 that tells nothing, and is logged: %s",
    async (error) => {
      const { app, log } = await openHttpWorld({ registry: failing(error), undocumented: true });
      const { status, body, text, headers } = await supertest(app).post("/v1/players?").send({});
      expect(status).toBe(500);
      expect(body).toEqual({
        type: "urn:rollcall:problem:internal",
        title: "Internal error",
        status: 500,
        detail: "something went wrong on this server; its log has more under the request's id",
        instance: "/v1/players",
        code: "internal",
        requestId: headers["x-request-id"],
      });
      expect(text).not.toContain(error.message);
      expect(log).toMatchObject([{ level: 50, requestId: body.requestId, err: { type: error.name } }]);
    },
  );

  it("of a commit reaches its own request alone", async () => {
    let failures = 1;
    const { app, registry, troubles } = await openHttpWorld({
      commitDelay: async () => {
        if (failures-- > 0) throw new StorageFullError(new Error(SECRET));
      },
    });
    expect((await supertest(app).post("/v1/players").send({})).status).toBe(503);
    expect(registry.digest().documents).toBe(0);
    expect((await supertest(app).post("/v1/players").send({})).status).toBe(201);
    expect(troubles).toHaveLength(1);
  });
});

it("a registry that is closed answers 503", async () => {
  const { app, registry } = await openHttpWorld();
  await registry.close();
  const { status, body } = await supertest(app).post("/v1/players").send({});
  expect([status, body.code]).toEqual([503, "database-unavailable"]);
});

it("an error that cannot even be answered costs its own request, and not the process", async () => {
  const error = Object.defineProperty(new OverloadedError(), "code", {
    get: () => {
      throw new TypeError(SECRET);
    },
  });
  let failures = 1;
  const { app, log } = await openHttpWorld({
    undocumented: true,
    registry: (registry) =>
      Object.assign(Object.create(registry), {
        players: {
          read: () => (failures-- > 0 ? Promise.reject(error) : Promise.reject(new OverloadedError())),
        },
      }),
  });
  await expect(supertest(app).get(PATH)).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(log).toMatchObject([
    { level: 50, msg: "an error could not be answered", requestId: expect.any(String) },
  ]);
  expect((await supertest(app).get(PATH)).status).toBe(503);
});
