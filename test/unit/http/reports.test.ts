/** How a match ended: PUT /v1/matches/{id}/reports/{playerId} and POST /v1/matches/{id}/settlement. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_OPS,
  createMatch,
  expectRefusal,
  registerPlayers,
  startMatch,
  UNKNOWN_ID,
} from "../../support/http-calls.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let world: HttpWorld;
/** Three who play, and one who does not. */
let ids: readonly [string, string, string, string];
let matchId: string;

beforeEach(async () => {
  world = await openHttpWorld();
  const [a = "", b = "", c = "", d = ""] = await registerPlayers(world, 4);
  ids = [a, b, c, d];
  matchId = (await startMatch(world, [a, b, c])).id;
});

function report(playerId: string, body: object, match = matchId) {
  return supertest(world.app).put(`/v1/matches/${match}/reports/${playerId}`).send(body);
}

function settle(body: object, match = matchId) {
  return supertest(world.app).post(`/v1/matches/${match}/settlement`).set(AS_OPS).send(body);
}

describe("a report", () => {
  it("[MAT3] is pending alone, settles with a majority, in canonical form", async () => {
    const [a, b, c] = ids;
    const first = await report(a, { ranks: { [a]: 1, [b]: 2, [c]: 2 } });
    expect(first.status).toBe(200);
    expect(first.body.match).toMatchObject({ state: "finished", finishedAt: TIME });
    expect(first.body.match.result).toEqual({ status: "pending" });
    const second = await report(b, { ranks: { [b.toUpperCase()]: 9, [a]: 3, [c]: 9 } });
    expect(second.body.match.result).toEqual({ status: "settled", ranks: { [a]: 1, [b]: 2, [c]: 2 } });
    expect(second.headers).toHaveProperty("rollcall-position");
    expect(second.headers).toHaveProperty("etag");
    expect((await supertest(world.app).get(`/v1/matches/${matchId}`)).body).toEqual(second.body.match);
  });

  it("[MAT3] disputes when no ranking can reach a majority any more", async () => {
    const [a, b, c] = ids;
    await report(a, { ranks: { [a]: 1, [b]: 2, [c]: 3 } });
    await report(b, { ranks: { [b]: 1, [a]: 2, [c]: 3 } });
    const { body } = await report(c, { ranks: { [c]: 1, [a]: 2, [b]: 3 } });
    expect(body.match.result).toEqual({ status: "disputed" });
  });

  it("is refused of somebody without a seat: 403", () => {
    const [a, b, c, stranger] = ids;
    const ranks = { [a]: 1, [b]: 2, [c]: 3 };
    return expectRefusal(world, report(stranger, { ranks }), {
      status: 403,
      code: "not-seated",
      at: ["playerId"],
    });
  });

  it("is refused when its ranks name strangers or leave seated players out, with pointers to each", async () => {
    const [a, b, c, stranger] = ids;
    const wrong: [object, string[]][] = [
      [{ [a]: 1, [b]: 2, [c]: 3, [stranger]: 4 }, [`/ranks/${stranger}`]],
      [{ [a]: 1, [b]: 2 }, ["/ranks"]],
      [{ [stranger]: 1 }, [`/ranks/${stranger}`, "/ranks", "/ranks", "/ranks"]],
    ];
    for (const [ranks, pointers] of wrong) {
      const refusal = { status: 400, code: "ranks-not-of-seated", at: pointers };
      await expectRefusal(world, report(a, { ranks }), refusal);
      await expectRefusal(world, settle({ ranks, reason: "seen" }), refusal);
    }
  });

  it("is refused when its ranks are none", async () => {
    const [a] = ids;
    const wrong: [object, string[]][] = [
      [{}, ["/ranks"]],
      [{ ranks: {} }, ["/ranks"]],
      [{ ranks: [1] }, ["/ranks"]],
      [{ ranks: { [a]: 0 } }, [`/ranks/${a}`]],
      [{ ranks: { [a]: 1.5 } }, [`/ranks/${a}`]],
      [{ ranks: { [a]: 1_001 } }, [`/ranks/${a}`]],
      [{ ranks: { [a]: "1" } }, [`/ranks/${a}`]],
      [{ ranks: { ada: 1 } }, ["/ranks/ada"]],
      [{ ranks: { [a]: 1, [a.toUpperCase()]: 2 } }, ["/ranks"]],
      [{ ranks: { [a]: 1 }, winner: a }, ["/winner"]],
    ];
    for (const [body, pointers] of wrong) {
      await expectRefusal(world, report(a, body), { status: 400, code: "invalid-request", at: pointers });
    }
  });

  it("is refused of a match that has not begun, or is not there", async () => {
    const [a] = ids;
    const { id } = await createMatch(world, { hostId: a });
    const ranks = { [a]: 1 };
    await expectRefusal(world, report(a, { ranks }, id), { status: 409, code: "match-not-running" });
    await expectRefusal(world, report(a, { ranks }, UNKNOWN_ID), { status: 404, code: "match-not-found" });
  });

  it("may change until the result is settled, and then no more: 409", async () => {
    const [a, b, c] = ids;
    const ranks = { [a]: 1, [b]: 2, [c]: 3 };
    await report(a, { ranks: { [a]: 2, [b]: 1, [c]: 3 } });
    expect((await report(a, { ranks })).status).toBe(200);
    expect((await report(b, { ranks })).body.match.result.status).toBe("settled");
    const other = report(b, { ranks: { [a]: 3, [b]: 1, [c]: 2 } });
    await expectRefusal(world, other, { status: 409, code: "result-settled" });
  });
});

describe("a settlement", () => {
  it("[MAT3] overrides what was reported, once", async () => {
    const [a, b, c] = ids;
    await report(a, { ranks: { [a]: 1, [b]: 2, [c]: 3 } });
    const ranks = { [a]: 3, [b]: 1, [c]: 2 };
    const settled = await settle({ ranks, reason: "the replay shows it" });
    expect([settled.status, settled.body.id]).toEqual([200, matchId]);
    expect(settled.body.result).toEqual({ status: "settled", ranks });
    expect(settled.headers).toHaveProperty("rollcall-position");
    expect((await settle({ ranks, reason: "again" })).body.result).toEqual(settled.body.result);
    const other = settle({ ranks: { [a]: 1, [b]: 1, [c]: 1 }, reason: "no" });
    await expectRefusal(world, other, { status: 409, code: "result-settled" });
  });

  it.each([
    ["no reason", undefined],
    ["an empty reason", ""],
    ["a reason of spaces", "  "],
    ["a reason of 513 characters", "x".repeat(513)],
    ["a reason with a line feed", "a\nb"],
  ])("is refused with %s", async (_title, reason) => {
    const [a, b, c] = ids;
    const wrong = settle({ ranks: { [a]: 1, [b]: 2, [c]: 3 }, reason });
    await expectRefusal(world, wrong, { status: 400, code: "invalid-request", at: ["/reason"] });
  });

  it("takes the longest reason that is allowed", async () => {
    const [a, b, c] = ids;
    const reason = "😀".repeat(512);
    expect((await settle({ ranks: { [a]: 1, [b]: 2, [c]: 3 }, reason })).body.result.status).toBe("settled");
  });
});
