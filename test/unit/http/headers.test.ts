import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { ORIGIN, openHttpWorld } from "../../support/http-app.ts";

const OTHER_ORIGIN = "f".repeat(32);

describe("every answer", () => {
  it.each(["/healthz", "/v1/players", "/v1/cluster", "/nowhere", "/v1/players/%zz"])(
    "names its server and is for nobody's cache: %s",
    async (path) => {
      const { app } = await openHttpWorld();
      const { headers } = await supertest(app).get(path);
      expect(headers).toMatchObject({
        "rollcall-server": "eu-1",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none';frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers).not.toHaveProperty("x-powered-by");
      expect(headers).not.toHaveProperty("rollcall-peers-unheard");
      expect(headers).not.toHaveProperty("access-control-allow-origin");
    },
  );

  it("has the id of its request, or one of its own", async () => {
    const { app } = await openHttpWorld();
    const idFor = async (id: string) =>
      (await supertest(app).get("/nowhere").set("X-Request-Id", id)).headers["x-request-id"];
    for (const id of ["a", "Az09._-", "x".repeat(64)]) expect(await idFor(id)).toBe(id);
    for (const id of ["", "a b", "x".repeat(65), "é", '"}']) {
      expect(await idFor(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
    const { body, headers } = await supertest(app).get("/nowhere");
    expect(body.requestId).toBe(headers["x-request-id"]);
  });

  it("says which peers are unheard", async () => {
    const unheard = [
      { name: "us-1", seconds: 12.4 },
      { name: "ap-1", seconds: 3600 },
    ];
    const { app } = await openHttpWorld({ unheard });
    for (const path of ["/v1/players", "/nowhere"]) {
      const { headers } = await supertest(app).get(path);
      expect(headers["rollcall-peers-unheard"]).toBe("us-1;12, ap-1;3600");
    }
  });
});

describe("Rollcall-Position", () => {
  it("is on every write's answer, and counts on", async () => {
    const { app, registry } = await openHttpWorld();
    const first = await supertest(app).post("/v1/players").send({});
    const second = await supertest(app)
      .patch(first.headers.location ?? "")
      .send({ region: "eu" });
    // The first entry of a server says that it began.
    expect(first.headers["rollcall-position"]).toBe(`${ORIGIN}:2`);
    expect(second.headers["rollcall-position"]).toBe(`${ORIGIN}:3`);
    expect(registry.digest().versionVector).toEqual({ [ORIGIN]: 3 });
  });
});

describe("Rollcall-After", () => {
  it("does not wait for what is here, on reads and writes", async () => {
    const { app } = await openHttpWorld();
    const made = await supertest(app).post("/v1/players").send({});
    const after = { "Rollcall-After": made.headers["rollcall-position"] ?? "", "Rollcall-Wait": "0" };
    const location = made.headers.location ?? "";
    expect((await supertest(app).get(location).set(after)).status).toBe(200);
    expect((await supertest(app).get("/v1/players").set(after)).status).toBe(200);
    expect((await supertest(app).patch(location).set(after).send({})).status).toBe(200);
    expect((await supertest(app).post("/v1/players").set(after).send({})).status).toBe(201);
  });

  it("ends in 503 when the position does not come, and then nothing is written", async () => {
    const { app, registry } = await openHttpWorld();
    const made = await supertest(app).post("/v1/players").send({});
    const before = registry.digest();
    const after = { "Rollcall-After": `${OTHER_ORIGIN}:1`, "Rollcall-Wait": "20" };
    const location = made.headers.location ?? "";
    const answers = [
      await supertest(app).get(location).set(after),
      await supertest(app).get("/v1/players").set(after),
      await supertest(app).patch(location).set(after).send({ region: "eu" }),
      await supertest(app).post("/v1/players").set(after).send({}),
    ];
    for (const { status, body, headers } of answers) {
      expect([status, body.code, headers["retry-after"]]).toEqual([503, "not-replicated-yet", "1"]);
      expect(body.detail).toContain("within 20 ms");
    }
    expect(registry.digest()).toEqual(before);
  });

  it("waits a second unless told otherwise", async () => {
    const { app } = await openHttpWorld();
    const begun = performance.now();
    const { status } = await supertest(app).get("/v1/players").set("Rollcall-After", `${OTHER_ORIGIN}:1`);
    expect(status).toBe(503);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it("waits for all of several positions, and for no more", async () => {
    const one = await openHttpWorld();
    const other = await openHttpWorld({ server: "us-1", origin: OTHER_ORIGIN });
    const here = await supertest(one.app).post("/v1/players").send({});
    const there = await supertest(other.app).post("/v1/players").send({ username: "ada" });
    const after = `${here.headers["rollcall-position"]}, ${there.headers["rollcall-position"]}`;
    const read = (waitMs: number) =>
      supertest(one.app)
        .get(there.headers.location ?? "")
        .set({ "Rollcall-After": after, "Rollcall-Wait": String(waitMs) });
    const tooEarly = await read(0);
    expect([tooEarly.status, tooEarly.body.code]).toEqual([503, "not-replicated-yet"]);
    const waiting = read(10_000).then((answer) => answer);
    await one.registry.receive(
      await other.registry.entries(OTHER_ORIGIN, 1, { entriesMax: 10, bytesMax: 10_000 }),
    );
    const { status, body } = await waiting;
    expect([status, body]).toEqual([200, there.body.player]);
  });

  it("waits for what another server wrote, and then sees it", async () => {
    const one = await openHttpWorld();
    const other = await openHttpWorld({ server: "us-1", origin: OTHER_ORIGIN });
    const made = await supertest(one.app).post("/v1/players").send({ username: "ada" });
    const read = supertest(other.app)
      .get(made.headers.location ?? "")
      .set({ "Rollcall-After": made.headers["rollcall-position"] ?? "", "Rollcall-Wait": "10000" })
      .then((answer) => answer);
    const entries = await one.registry.entries(ORIGIN, 1, { entriesMax: 10, bytesMax: 10_000 });
    await other.registry.receive(entries);
    const { status, body, headers } = await read;
    expect([status, body]).toEqual([200, made.body.player]);
    expect(headers.etag).toBe(made.headers.etag);
    expect(headers["rollcall-server"]).toBe("us-1");
  });
});
