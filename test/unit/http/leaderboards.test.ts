/** GET /v1/leaderboards/{mode}, /v1/players/{id}/ratings and /v1/players/{id}/matches. */
import supertest from "supertest";
import { beforeEach, expect, it } from "vitest";
import { leaderboard, ratedModes, ratings } from "../../../src/http/contract/board.ts";
import { matchPage } from "../../../src/http/contract/match.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { registerPlayer, registerPlayers, settleMatch, UNKNOWN_ID } from "../../support/http-calls.ts";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});

async function get(path: string) {
  const { status, body } = await supertest(world.app).get(path);
  expect([path, status]).toEqual([path, 200]);
  return body;
}

it("[RAT1] a leaderboard has the players of its mode, best first", async () => {
  const [ada, bob, carl] = [
    await registerPlayer(world, { username: "ada" }),
    await registerPlayer(world, { username: "bob" }),
    await registerPlayer(world),
  ] as const;
  await settleMatch(world, { [ada.id]: 1, [bob.id]: 2 });
  await settleMatch(world, { [ada.id]: 1, [carl.id]: 1 }, { mode: "chess" });
  const board = await get("/v1/leaderboards/duel");
  expect(leaderboard.parse(board)).toEqual(board);
  const [first, second] = board.items;
  expect(board).toEqual({
    items: [
      {
        rank: 1,
        playerId: ada.id,
        username: "ada",
        rating: expect.any(Number),
        matches: 1,
        wins: 1,
        losses: 0,
        draws: 0,
      },
      {
        rank: 2,
        playerId: bob.id,
        username: "bob",
        rating: expect.any(Number),
        matches: 1,
        wins: 0,
        losses: 1,
        draws: 0,
      },
    ],
    next: null,
  });
  expect(first.rating).toBeGreaterThan(second.rating);
  const rated = await get(`/v1/players/${ada.id}/ratings`);
  expect(ratings.parse(rated)).toEqual(rated);
  const { rating: duelRating } = first;
  expect(rated).toEqual({
    items: [
      { mode: "chess", rating: expect.any(Number), matches: 1, wins: 0, losses: 0, draws: 1 },
      { mode: "duel", rating: duelRating, matches: 1, wins: 1, losses: 0, draws: 0 },
    ],
    next: null,
  });
});

it("[RAT2] a leaderboard is paged through once, by next and by Link, ties too", async () => {
  const ids = await registerPlayers(world, 6);
  for (let index = 0; index < ids.length; index += 2) {
    const [winner = "", loser = ""] = ids.slice(index);
    await settleMatch(world, { [winner]: 1, [loser]: 2 });
  }
  const all = await get("/v1/leaderboards/duel");
  const seen: unknown[] = [];
  let path: string | undefined = "/v1/leaderboards/duel?limit=2";
  for (let pages = 0; path !== undefined; pages++) {
    expect(pages).toBeLessThan(4);
    const { body, headers } = await supertest(world.app).get(path);
    seen.push(...body.items);
    path = /^<(.*)>; rel="next"$/.exec(headers.link ?? "")?.[1];
    expect(path === undefined).toBe(body.next === null);
  }
  expect(seen).toEqual(all.items);
  expect(seen).toHaveLength(6);
});

it("modes that somebody was rated in are listed by name, in pages", async () => {
  expect(await get("/v1/leaderboards")).toEqual({ items: [], next: null });
  const [one = "", two = ""] = await registerPlayers(world, 2);
  for (const mode of ["squad", "duel", "chess"]) await settleMatch(world, { [one]: 1, [two]: 2 }, { mode });
  const all = await get("/v1/leaderboards");
  expect(ratedModes.parse(all)).toEqual(all);
  expect(all).toEqual({ items: [{ mode: "chess" }, { mode: "duel" }, { mode: "squad" }], next: null });
  const { items, next } = await get("/v1/leaderboards?limit=2");
  expect(items).toEqual(all.items.slice(0, 2));
  expect(await get(`/v1/leaderboards?limit=2&cursor=${next}`)).toEqual({
    items: all.items.slice(2),
    next: null,
  });
});

it("a mode that nobody was rated in has an empty leaderboard", async () => {
  expect(await get("/v1/leaderboards/tennis")).toEqual({ items: [], next: null });
  const { id } = await registerPlayer(world);
  expect(await get(`/v1/players/${id}/ratings`)).toEqual({ items: [], next: null });
});

it("a player's matches are those with a seat of it, newest first, in pages", async () => {
  const [one = "", two = "", three = ""] = await registerPlayers(world, 3);
  const ids: string[] = [];
  for (const rival of [two, three, two]) {
    world.clock.aheadMs += 1;
    ids.push((await settleMatch(world, { [one]: 1, [rival]: 2 })).id);
  }
  const list = async (query: string) => {
    const page = await get(`/v1/players/${one}/matches${query}`);
    expect(matchPage.parse(page)).toEqual(page);
    return page;
  };
  const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
  expect(idsOf(await list(""))).toEqual(ids.toReversed());
  const first = await list("?limit=2");
  const rest = await list(`?limit=2&cursor=${first.next}`);
  expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids.toReversed());
  expect(rest.next).toBeNull();
  expect(idsOf(await get(`/v1/players/${three}/matches`))).toEqual([ids[1]]);
});

it.each(["matches", "ratings"])("the %s of nobody are 404", async (what) => {
  const { status, body } = await supertest(world.app).get(`/v1/players/${UNKNOWN_ID}/${what}`);
  expect([status, body.code]).toEqual([404, "player-not-found"]);
});

it.each([
  ["/v1/leaderboards?limit=0", "limit"],
  ["/v1/leaderboards?mode=duel", "mode"],
  [`/v1/leaderboards?cursor=${cursor(["duel", 1])}`, "cursor"],
  ["/v1/leaderboards/a%20b", "mode"],
  ["/v1/leaderboards/duel?limit=101", "limit"],
  ["/v1/leaderboards/duel?region=eu", "region"],
  ["/v1/leaderboards/duel?cursor=x", "cursor"],
  [`/v1/leaderboards/duel?cursor=${cursor([0, 1, UNKNOWN_ID])}`, "cursor"],
  [`/v1/leaderboards/duel?cursor=${cursor([1, null, UNKNOWN_ID])}`, "cursor"],
  [`/v1/leaderboards/duel?cursor=${cursor([1, UNKNOWN_ID])}`, "cursor"],
  [`/v1/players/${UNKNOWN_ID}/matches?cursor=${cursor([1, 2, UNKNOWN_ID])}`, "cursor"],
  [`/v1/players/${UNKNOWN_ID}/ratings?limit=1`, "limit"],
  ["/v1/players/ada/ratings", "id"],
])("refuses %s", async (path, parameter) => {
  const { status, body } = await supertest(world.app).get(path);
  expect([status, body.errors]).toMatchObject([400, [{ parameter }]]);
});

function cursor(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}
