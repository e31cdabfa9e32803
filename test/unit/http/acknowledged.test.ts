import supertest from "supertest";
import { describe, expect, it } from "vitest";
import type { Position } from "../../../crdt/position.ts";
import { ORIGIN, openHttpWorld } from "../../support/http-app.ts";
import { AS_OPS } from "../../support/http-calls.ts";

interface Asked {
  readonly position: Position;
  readonly peers: number;
  readonly withinMs: number;
}

/** A cluster that acknowledges or does not; and what it was asked for. */
async function world(acknowledges: boolean) {
  const asked: Asked[] = [];
  const opened = await openHttpWorld({
    acknowledged: async (position, peers, withinMs) => {
      asked.push({ position, peers, withinMs });
      return acknowledges;
    },
  });
  return { ...opened, asked };
}

describe("[ACK1] ?ack=N on a write", () => {
  it("answers as ever once the peers hold it", async () => {
    const { app, asked } = await world(true);
    const { status, headers } = await supertest(app).post("/v1/players?ack=2").send({});
    expect([status, headers["rollcall-position"]]).toEqual([201, `${ORIGIN}:2`]);
    expect(asked).toEqual([{ position: { origin: ORIGIN, sequence: 2 }, peers: 2, withinMs: 1_000 }]);
  });

  it("answers 504 if they do not in time: the write stands, and the answer says where", async () => {
    const { app, asked } = await world(false);
    const { status, headers, body } = await supertest(app)
      .post("/v1/players?ack=1")
      .set("Rollcall-Wait", "30")
      .send({ username: "ada" });
    expect([status, body.code, headers["rollcall-position"]]).toEqual([
      504,
      "not-acknowledged-yet",
      `${ORIGIN}:2`,
    ]);
    expect(asked.map(({ withinMs }) => withinMs)).toEqual([30]);
    const { body: read } = await supertest(app).get(headers.location ?? "");
    expect(read.username).toBe("ada");
    expect(headers.etag).toBeDefined();
  });

  it("is known to every write, and to nothing else", async () => {
    const { app, asked } = await world(false);
    const id = (await supertest(app).post("/v1/players").send({})).body.player.id;
    const other = (await supertest(app).post("/v1/players").send({})).body.player.id;
    const created = await supertest(app).post("/v1/matches").send({ mode: "duel", capacity: 2, hostId: id });
    const match = `/v1/matches/${created.body.id}`;
    const player = `/v1/players/${id}`;
    const writes: readonly (readonly ["post" | "put" | "patch" | "delete", string, object?])[] = [
      ["post", "/v1/players", {}],
      ["patch", player, { region: "eu" }],
      ["put", `${player}/identities/steam/1`],
      ["delete", `${player}/identities/steam/1`],
      ["post", "/v1/matches", { mode: "duel", capacity: 2 }],
      ["put", `${match}/players/${other}`],
      ["delete", `${match}/players/${other}`],
      ["put", `${match}/players/${other}`],
      ["post", `${match}/start`],
      ["put", `${match}/reports/${id}`, { ranks: { [id]: 1, [other]: 2 } }],
      ["post", `${match}/settlement`, { ranks: { [id]: 1, [other]: 2 }, reason: "said so" }],
      ["post", `${match}/cancel`],
      ["post", `${player}/bans`, { reason: "cheats" }],
      ["post", `${player}/merge`, { into: other }],
      ["delete", player],
    ];
    for (const [method, path, body] of writes) {
      const isOps = /bans|merge|settlement/.test(path);
      const call = supertest(app)
        [method](`${path}?ack=1`)
        .set(isOps ? AS_OPS : {});
      const answer = await (body ? call.send(body) : call);
      const isOver = path.endsWith("/cancel");
      expect([answer.status, answer.body.code], `${method} ${path}`).toEqual(
        isOver ? [409, "match-over"] : [504, "not-acknowledged-yet"],
      );
    }
    expect(asked).toHaveLength(writes.length - 1);
    for (const path of [player, "/v1/players", "/v1/cluster/digest"]) {
      expect((await supertest(app).get(`${path}?ack=1`).set(AS_OPS)).status).toBe(400);
    }
  });

  it("writes nothing when it is malformed", async () => {
    const { app, registry, asked } = await world(true);
    for (const ack of ["", "-1", "1.5", "x", "101", "01"]) {
      const { status, body } = await supertest(app).post(`/v1/players?ack=${ack}`).send({});
      expect([status, body.errors?.[0]?.parameter], ack).toEqual([400, "ack"]);
    }
    expect(registry.digest().entries).toBe(0);
    expect((await supertest(app).post("/v1/players?ack=0").send({})).status).toBe(201);
    expect(asked).toEqual([]);
  });
});

describe("[ACK3] GET /v1/positions/{position}", () => {
  it("says who has it", async () => {
    const { app } = await openHttpWorld();
    const { headers } = await supertest(app).post("/v1/players").send({});
    const position = headers["rollcall-position"] ?? "";
    const { status, body } = await supertest(app).get(`/v1/positions/${position}`);
    expect([status, body]).toEqual([200, { position, servers: [{ server: "eu-1", has: true }] }]);
    const later = position.replace(/:.*/, ":3");
    expect((await supertest(app).get(`/v1/positions/${later}`)).body.servers[0].has).toBe(false);
    const { status: refused, body: problem } = await supertest(app).get("/v1/positions/x:1");
    expect([refused, problem.errors[0].parameter]).toEqual([400, "position"]);
  });
});
