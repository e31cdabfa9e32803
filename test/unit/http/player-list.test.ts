import type { RequestListener } from "node:http";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { openHttpWorld } from "../../support/http-app.ts";

async function register(app: RequestListener, ...players: object[]): Promise<void> {
  for (const player of players) {
    const { status } = await supertest(app).post("/v1/players").send(player);
    expect(status).toBe(201);
  }
}

async function names(app: RequestListener, query: string): Promise<(string | null)[]> {
  const { status, body } = await supertest(app).get(`/v1/players?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.items.map((player: { username: string | null }) => player.username).sort();
}

describe("GET /v1/players", () => {
  it("is empty at first", async () => {
    const { app } = await openHttpWorld();
    const { body, headers } = await supertest(app).get("/v1/players");
    expect(body).toEqual({ items: [], next: null });
    expect(headers).not.toHaveProperty("link");
  });

  it("joins its filters by and", async () => {
    const { app } = await openHttpWorld();
    await register(
      app,
      { username: "Ada", region: "eu", platform: "pc" },
      { username: "Adam", region: "us", platform: "pc" },
      { username: "Böb & co", region: "eu", platform: "switch" },
    );
    expect(await names(app, "username=ADA")).toEqual(["Ada"]);
    expect(await names(app, "prefix=ad")).toEqual(["Ada", "Adam"]);
    expect(await names(app, "region=eu")).toEqual(["Ada", "Böb & co"]);
    expect(await names(app, "platform=pc&region=us&status=active")).toEqual(["Adam"]);
    expect(await names(app, "username=b%C3%B6b+%26%20co")).toEqual(["Böb & co"]);
    expect(await names(app, "status=banned")).toEqual([]);
    expect(await names(app, "&&region=us&")).toEqual(["Adam"]);
  });

  it.each(["", "prefix=na", "region=eu&platform=pc"])(
    "pages through everything once, by next and by Link, at any server: %s",
    async (filter) => {
      const disk = new MemoryDisk();
      const one = await openHttpWorld({ disk });
      const players = Array.from({ length: 25 }, (_, i) => ({
        username: `Na&me ${i}`,
        region: "eu",
        platform: "pc",
      }));
      await register(one.app, ...players);
      disk.holder = undefined;
      const other = await openHttpWorld({ disk, server: "us-1" });
      const seen: string[] = [];
      let path = `/v1/players?limit=10&${filter}`;
      for (let page = 0; page < 3; page++) {
        const { status, body, headers } = await supertest(other.app).get(path);
        expect(status).toBe(200);
        seen.push(...body.items.map((player: { username: string }) => player.username));
        const [, target] = /^<(.+)>; rel="next"$/.exec(headers.link ?? "") ?? [];
        expect(target === undefined).toBe(body.next === null);
        if (target === undefined) break;
        const query = new URL(target, "http://x").searchParams;
        expect(query.get("cursor")).toBe(body.next);
        expect(query.get("limit")).toBe("10");
        path = target;
      }
      expect(seen).toHaveLength(25);
      expect(seen.toSorted()).toEqual(players.map(({ username }) => username).toSorted());
      if (filter.startsWith("prefix")) expect(seen).toEqual(seen.toSorted());
    },
  );

  it("gives 20 unless told otherwise, and at most 100", async () => {
    const { app } = await openHttpWorld();
    await register(app, ...Array.from({ length: 21 }, () => ({})));
    const length = async (query: string) =>
      (await supertest(app).get(`/v1/players${query}`)).body.items.length;
    expect(await length("")).toBe(20);
    expect(await length("?limit=100")).toBe(21);
    expect(await length("?limit=1")).toBe(1);
  });

  it("compresses a large page for those who accept it, and not a small one", async () => {
    const { app } = await openHttpWorld();
    await register(app, { username: "ada" });
    const read = () => supertest(app).get("/v1/players").set("Accept-Encoding", "gzip");
    expect((await read()).headers).not.toHaveProperty("content-encoding");
    await register(app, ...Array.from({ length: 9 }, () => ({})));
    const { headers, body } = await read();
    expect(headers["content-encoding"]).toBe("gzip");
    expect(body.items).toHaveLength(10);
    const plain = await supertest(app).get("/v1/players").set("Accept-Encoding", "identity");
    expect(plain.headers).not.toHaveProperty("content-encoding");
    expect(plain.body).toEqual(body);
  });

  it("shows no identities", async () => {
    const { app } = await openHttpWorld();
    await register(app, { identity: { provider: "steam", subject: "secret" } });
    expect((await supertest(app).get("/v1/players")).text).not.toContain("secret");
  });
});
