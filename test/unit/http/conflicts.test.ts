/** GET /v1/conflicts and /v1/documents/{id}/conflicts, on two servers that wrote apart. */
import supertest from "supertest";
import { beforeAll, describe, expect, it } from "vitest";
import { conflictPage } from "../../../src/http/contract/conflict.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, exchange, registerPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";

const OTHER_ORIGIN = "f".repeat(32);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const MINUTE_MS = 60_000;

let one: HttpWorld;
let other: HttpWorld;
/** Who claimed the name first, and who did a minute later elsewhere. */
let first: string;
let second: string;
/** When the name was fought over, and nothing else yet. */
let afterTheName: string;

beforeAll(async () => {
  one = await openHttpWorld();
  other = await openHttpWorld({ server: "us-1", origin: OTHER_ORIGIN });
  first = (await registerPlayer(one, { username: "Ada" })).id;
  other.clock.aheadMs = MINUTE_MS;
  second = (await registerPlayer(other, { username: "ada" })).id;
  await exchange(one, other);
  afterTheName = new Date(Date.now() + 2 * MINUTE_MS).toISOString();
  one.clock.aheadMs = other.clock.aheadMs = 3 * MINUTE_MS;
  const path = `/v1/players/${first}`;
  await supertest(one.app).patch(path).send({ displayName: "Ada of Europe" });
  await supertest(other.app).patch(path).send({ displayName: "Ada of America" });
  await exchange(one, other);
});

async function list(path: string, world = one) {
  const { status, body, headers } = await supertest(world.app).get(path).set(AS_OPS);
  expect([path, status]).toEqual([path, 200]);
  expect(conflictPage.parse(body)).toEqual(body);
  return { ...body, link: headers.link };
}

const kinds = ({ items }: { items: { kind: string }[] }) => items.map(({ kind }) => kind);

describe("GET /v1/conflicts", () => {
  it("[HIS2] has what was decided, newest first, with candidates, winner, rule and words", async () => {
    const { items, next, link } = await list("/v1/conflicts");
    const { displayName } = (await supertest(one.app).get(`/v1/players/${first}`)).body;
    expect([next, link]).toEqual([null, undefined]);
    expect(items).toEqual([
      {
        id: expect.any(String),
        documentId: first,
        kind: "field",
        path: "displayName",
        candidates: expect.toSatisfy((candidates: { value: string; server: string; change: string }[]) => {
          const said = candidates.map(({ value, server }) => `${server}: ${value}`).sort();
          expect(said).toEqual(["eu-1: Ada of Europe", "us-1: Ada of America"]);
          return candidates.every(({ change }) => /^[0-9a-f]{64}$/.test(change));
        }),
        winner: displayName,
        rule: "PLY1",
        words: expect.stringContaining("displayName"),
      },
      {
        id: expect.any(String),
        documentId: first,
        kind: "username",
        candidates: [
          { value: "Ada", playerId: first, server: "eu-1", at: TIME },
          { value: "ada", playerId: second, server: "us-1", at: TIME },
        ],
        winner: first,
        rule: "CLM1",
        words: expect.stringContaining("us-1"),
      },
    ]);
  });

  it("[HIS2] is the same on both servers", async () => {
    expect(await list("/v1/conflicts", other)).toEqual(await list("/v1/conflicts"));
  });

  it("is filtered by kind and time, and paged", async () => {
    expect(kinds(await list("/v1/conflicts?kind=username"))).toEqual(["username"]);
    expect(kinds(await list("/v1/conflicts?kind=seat"))).toEqual([]);
    expect(kinds(await list(`/v1/conflicts?since=${afterTheName}`))).toEqual(["field"]);
    expect(kinds(await list(`/v1/conflicts?until=${afterTheName}`))).toEqual(["username"]);
    expect(kinds(await list(`/v1/conflicts?until=${afterTheName}&since=${afterTheName}`))).toEqual([]);
    expect(kinds(await list("/v1/conflicts?until=0000-01-01T00:00:00Z"))).toEqual([]);
    const ahead = await list("/v1/conflicts?until=9999-01-01T00:00:00Z&limit=1");
    expect(kinds(ahead)).toEqual(["field"]);
    const rest = `/v1/conflicts?until=9999-01-01T00:00:00Z&limit=1&cursor=${ahead.next}`;
    expect(kinds(await list(rest))).toEqual(["username"]);
    expect(kinds(await list("/v1/conflicts?server=us-1"))).toEqual(["field", "username"]);
    expect(kinds(await list("/v1/conflicts?server=us-1&kind=username"))).toEqual(["username"]);
    expect(kinds(await list("/v1/conflicts?server=ap-1"))).toEqual([]);
    const firstOfEurope = await list("/v1/conflicts?server=eu-1&limit=1");
    expect(kinds(await list(`/v1/conflicts?server=eu-1&limit=1&cursor=${firstOfEurope.next}`))).toEqual([
      "username",
    ]);
    expect(kinds(await list("/v1/conflicts?since=0000-01-01T00:00:00Z"))).toHaveLength(2);
    const page = await list("/v1/conflicts?limit=1&since=1970-01-01T01:00:00%2B01:00");
    expect(kinds(page)).toEqual(["field"]);
    const path = /^<(.*)>; rel="next"$/.exec(page.link ?? "")?.[1] ?? "";
    const last = await list(path, other);
    expect([kinds(last), last.next]).toEqual([["username"], null]);
  });

  it.each([
    ["kind=ban", "kind"],
    ["since=yesterday", "since"],
    ["since=2024-01-01", "since"],
    ["limit=0", "limit"],
    ["server=a%20b", "server"],
    ["document=x", "document"],
    [`cursor=${cursor(["0", UNKNOWN_ID])}`, "cursor"],
    [`cursor=${cursor(["0".repeat(16), "x"])}`, "cursor"],
    [`cursor=${cursor([1, UNKNOWN_ID])}`, "cursor"],
  ])("refuses %s", async (query, parameter) => {
    const { status, body } = await supertest(one.app).get(`/v1/conflicts?${query}`).set(AS_OPS);
    expect([status, body.errors]).toMatchObject([400, [{ parameter }]]);
  });
});

describe("GET /v1/documents/{id}/conflicts", () => {
  it("[HIS2] has those that concern the document, in the same form", async () => {
    const { items } = await list("/v1/conflicts");
    expect((await list(`/v1/documents/${first}/conflicts`)).items).toEqual(items);
    expect((await list(`/v1/documents/${second}/conflicts`)).items).toEqual([items[1]]);
    expect((await list(`/v1/documents/${UNKNOWN_ID}/conflicts`)).items).toEqual([]);
    const page = await list(`/v1/documents/${first}/conflicts?limit=1`);
    expect(page.link).toContain(`/v1/documents/${first}/conflicts?limit=1&cursor=`);
  });
});

describe("a lost name", () => {
  it("[CLM1] is shown with digits of the id, and the player is told", async () => {
    const read = (id: string) => supertest(one.app).get(`/v1/players/${id}`).set(AS_KEY);
    expect((await read(first)).body).toMatchObject({
      usernameStatus: "provisional",
      handle: "Ada",
      notices: [],
    });
    expect((await read(second)).body).toMatchObject({
      username: "ada",
      usernameStatus: "lost",
      handle: `ada#${second.slice(-4)}`,
      notices: [{ code: "username-lost", detail: expect.any(String) }],
    });
  });

  it("[CLM3] is refused at once where its owner is seen: 409", async () => {
    const { id } = await registerPlayer(one);
    for (const request of [
      supertest(one.app).patch(`/v1/players/${id}`).send({ username: "ADA" }),
      supertest(one.app).post("/v1/players").send({ username: "ADA" }),
    ]) {
      const { status, body } = await request;
      expect([status, body.code, body.errors[0].pointer]).toEqual([409, "name-taken", "/username"]);
    }
  });
});

function cursor(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}
