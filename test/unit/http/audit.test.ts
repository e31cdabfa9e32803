/** GET /v1/audit: what operators did, on two servers. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, exchange, registerPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";

const GRACE = { "Rollcall-Operator": "Grace H." };

let one: HttpWorld;
let other: HttpWorld;
let ada: string;

beforeEach(async () => {
  one = await openHttpWorld();
  other = await openHttpWorld({ server: "us-1", origin: "f".repeat(32) });
  ada = (await registerPlayer(one, { username: "ada", region: "eu" })).id;
});

async function list(query = "", world = one) {
  const { status, body } = await supertest(world.app).get(`/v1/audit${query}`).set(AS_OPS);
  expect([query, status]).toEqual([query, 200]);
  return body as { items: Record<string, unknown>[]; next: string | null };
}

const actions = ({ items }: { items: Record<string, unknown>[] }) => items.map(({ action }) => action);

async function post(path: string, body: object, as: object = AS_OPS) {
  const answer = await supertest(one.app)
    .post(path)
    .set({ ...as, ...GRACE })
    .send(body);
  expect([path, answer.status]).toEqual([
    path,
    expect.toSatisfy((status) => status === 200 || status === 201),
  ]);
  return answer;
}

/** One of each: in order, newest first, what the list has of it. */
async function doEverything() {
  const bob = (await registerPlayer(one, { username: "bob" })).id;
  const { body: ban } = await post(`/v1/players/${ada}/bans`, { reason: "cheated" }, AS_KEY);
  const lift = `/v1/players/${ada}/bans/${ban.id}?reason=it+was+her+brother`;
  await supertest(one.app)
    .delete(lift)
    .set({ ...AS_OPS, ...GRACE })
    .expect(200);
  const { body: document } = await supertest(one.app).get(`/v1/documents/${bob}`).set(AS_OPS);
  await supertest(one.app).patch(`/v1/players/${bob}`).set(AS_KEY).send({ username: "rob" });
  const wish = { path: "username", change: document.heads[0], reason: "not his wish" };
  await post(`/v1/documents/${bob}/restore`, wish);
  await post(`/v1/players/${ada}/merge`, { into: bob, reason: "one person" });
  const { body: match } = await post("/v1/matches", { mode: "duel", capacity: 2, hostId: ada }, AS_KEY);
  await post(`/v1/matches/${match.id}/start`, {}, AS_KEY);
  await post(`/v1/matches/${match.id}/settlement`, { ranks: { [ada]: 1 }, reason: "seen" });
  const [survivor = "", merged = ""] = [ada, bob].sort();
  return { bob, match: match.id as string, survivor, merged };
}

describe("GET /v1/audit", () => {
  it("[AUD1] has what was done by whom, when, why, from where, and which change it made", async () => {
    const { bob, match, merged } = await doEverything();
    const page = await list();
    expect(page.next).toBeNull();
    const common = {
      at: expect.any(String),
      server: "eu-1",
      operator: "Grace H.",
      address: expect.any(String),
    };
    const made = { id: expect.any(String), change: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(page.items).toEqual([
      { ...common, ...made, action: "settle", by: "ops", documentId: match, reason: "seen" },
      { ...common, ...made, action: "merge", by: "ops", documentId: merged, reason: "one person" },
      { ...common, ...made, action: "restore", by: "ops", documentId: bob, reason: "not his wish" },
      { ...common, ...made, action: "unban", by: "ops", documentId: ada, reason: "it was her brother" },
      { ...common, ...made, action: "ban", by: "key", documentId: ada, reason: "cheated" },
    ]);
    for (const { documentId, change } of page.items) {
      const { body } = await supertest(one.app).get(`/v1/documents/${documentId}/history`).set(AS_OPS);
      expect(body.items.map(({ hash }: { hash: string }) => hash)).toContain(change);
    }
  });

  it("[AUD1] is replicated, and filtered and paged alike on every server", async () => {
    const { match } = await doEverything();
    const before = await list();
    await exchange(one, other);
    expect(await list("", other)).toEqual(before);
    expect(actions(await list(`?documentId=${ada}&action=ban`, other))).toEqual(["ban"]);
    expect(actions(await list(`?documentId=${match}`, other))).toEqual(["settle"]);
    expect(actions(await list("?since=2999-01-01T00:00:00Z", other))).toEqual([]);
    const first = await list("?limit=2");
    const second = await list(`?limit=2&cursor=${first.next}`, other);
    expect([...first.items, ...second.items]).toEqual(before.items.slice(0, 4));
  });

  it("[AUD1] says nothing of what players do, of what was refused, and of what changed nothing", async () => {
    const { items } = await doEverything().then(() => list());
    await supertest(one.app).patch(`/v1/players/${ada}`).set(AS_KEY).send({ region: "us" }).expect(200);
    const headers = { ...AS_OPS, "Idempotency-Key": "again" };
    const bans = `/v1/players/${ada}/bans`;
    await supertest(one.app).post(bans).set(headers).send({ reason: "twice" }).expect(201);
    await supertest(one.app).post(bans).set(headers).send({ reason: "twice" }).expect(201);
    await supertest(one.app).delete(`${bans}/${UNKNOWN_ID}`).set(AS_OPS).expect(404);
    await supertest(one.app).post(`/v1/players/${ada}/merge`).set(AS_OPS).send({ into: ada }).expect(400);
    expect(actions(await list())).toEqual(["ban", ...items.map(({ action }) => action)]);
  });

  it("[ERA1] keeps of an erased player that and why it was erased, and nothing that was said before", async () => {
    await post(`/v1/players/${ada}/bans`, { reason: "Ada of 12 Main Street cheated" });
    await exchange(one, other);
    const url = `/v1/players/${ada}?reason=asked+for+it`;
    await supertest(one.app)
      .delete(url)
      .set({ ...AS_OPS, ...GRACE })
      .expect(202);
    await exchange(one, other);
    for (const world of [one, other]) {
      const { items } = await list("", world);
      expect(items).toMatchObject([
        { action: "erase", documentId: ada, reason: "asked for it", operator: "Grace H." },
      ]);
    }
    const bodies: string[] = [];
    for (const [origin] of one.registry.vector) {
      const entries = await one.registry.entries(origin, 1, { entriesMax: 1_000, bytesMax: 1_000_000 });
      bodies.push(...entries.map(({ body }) => Buffer.from(body).toString()));
    }
    expect(bodies.join()).not.toContain("Main Street");
    expect(one.registry.digest()).toEqual(other.registry.digest());
  });

  it("takes a name of printable characters alone", async () => {
    for (const name of ["", "x".repeat(65), "é"]) {
      const answer = await supertest(one.app)
        .post(`/v1/players/${ada}/bans`)
        .set({ ...AS_OPS, "Rollcall-Operator": name })
        .send({ reason: "x" });
      expect([name.length, answer.status]).toEqual([name.length, 400]);
    }
  });
});
