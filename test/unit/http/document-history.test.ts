/** What happened to a document, over REST, on two servers that wrote apart: history, at, diff, restore. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, ORIGIN, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, exchange, registerPlayer } from "../../support/http-calls.ts";

interface Change {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly concurrentWith: readonly string[];
  readonly server: string;
  readonly sets: readonly { readonly path: string; readonly to: unknown }[];
  readonly words: string;
  readonly restores?: string;
}

let one: HttpWorld;
let other: HttpWorld;
let id: string;

/** A registration, an edit on either side that the other had not heard of, and one that joined them. */
beforeEach(async () => {
  one = await openHttpWorld();
  other = await openHttpWorld({ server: "us-1", origin: "f".repeat(32) });
  id = (await registerPlayer(one, { username: "ada", region: "eu", metadata: { level: 1 } })).id;
  await exchange(one, other);
  await edit(one, { region: "us" });
  await edit(other, { region: "asia", displayName: "Ada" });
  await exchange(one, other);
  await edit(one, { platform: "pc" });
  await exchange(one, other);
});

async function edit(world: HttpWorld, body: object): Promise<void> {
  const { status } = await supertest(world.app).patch(`/v1/players/${id}`).set(AS_KEY).send(body);
  expect(status).toBe(200);
}

async function get(path: string, world = one) {
  const { status, body, headers } = await supertest(world.app).get(`/v1/documents/${id}${path}`).set(AS_OPS);
  expect([path, status]).toEqual([path, 200]);
  return { ...body, link: headers.link };
}

async function restore(body: object, document = id) {
  return supertest(one.app).post(`/v1/documents/${document}/restore`).set(AS_OPS).send(body);
}

/** By what they are: registration, the two that did not know of each other, and the one that joined them. */
async function changes() {
  const { items } = (await get("/history")) as { items: Change[] };
  const setting = (to: unknown) => items.find(({ sets }) => sets.some((set) => set.to === to)) as Change;
  return { items, made: setting("eu"), us: setting("us"), asia: setting("asia"), joined: setting("pc") };
}

describe("GET /v1/documents/{id}/history", () => {
  it("[HIS1] has every change, newest first, with what it set and what it did not know of", async () => {
    const { items, made, us, asia, joined } = await changes();
    expect(items[0]).toEqual(joined);
    expect(items.at(-1)).toEqual(made);
    expect(items).toHaveLength(4);
    expect(made).toMatchObject({ parents: [], concurrentWith: [], server: "eu-1", reason: "register" });
    expect(us).toMatchObject({ parents: [made.hash], concurrentWith: [asia.hash], concurrentCount: 1 });
    const { body } = await supertest(one.app).get(`/v1/documents/${id}/conflicts`).set(AS_OPS);
    const [{ id: conflictId }] = body.items;
    const metOf = (change: object) => (change as { readonly met?: unknown }).met;
    expect([made, us, asia, joined].map(metOf)).toEqual([[], [conflictId], [conflictId], []]);
    expect(asia).toMatchObject({
      parents: [made.hash],
      concurrentWith: [us.hash],
      server: "us-1",
      by: "key",
    });
    expect(joined.parents).toEqual([us.hash, asia.hash].sort());
    expect(made.sets).toContainEqual({ path: "metadata/level", to: 1 });
  });

  it("[HIS1] says it in words, with what stands where two did not know of each other", async () => {
    const { made, us, asia, joined } = await changes();
    const { region } = (await supertest(one.app).get(`/v1/players/${id}`)).body;
    const contest = new RegExp(`set region to .*, while .* set it to .*; "${region}" stands`);
    expect(us.words).toMatch(contest);
    expect(asia.words).toMatch(contest);
    expect(asia.words).toMatch(/^us-1 set displayName to "Ada"; /);
    expect(joined.words).toBe('eu-1 set platform to "pc"');
    expect(made.words).toBe(
      'eu-1 registered the player: set username to "ada" and set region to "eu" and set metadata/level to 1',
    );
  });

  it("[HIS1] is the same on both servers, and comes by pages that either continues", async () => {
    const { items } = await changes();
    expect((await get("/history", other)).items).toEqual(items);
    const first = await get("/history?limit=3");
    expect(first.items).toEqual(items.slice(0, 3));
    expect(first.link).toContain(`cursor=${first.next}`);
    const last = await get(`/history?limit=3&cursor=${first.next}`, other);
    expect([last.items, last.next]).toEqual([items.slice(3), null]);
    expect([first.total, last.total]).toEqual([items.length, items.length]);
  });

  it("[HIS1] also has that of a match", async () => {
    const match = { mode: "duel", capacity: 2, hostId: id };
    const { body } = await supertest(one.app).post("/v1/matches").set(AS_KEY).send(match);
    const path = `/v1/documents/${body.id}`;
    const { body: history } = await supertest(one.app).get(`${path}/history`).set(AS_OPS);
    expect(history.items).toHaveLength(1);
    expect(history.items[0].words).toContain(`created the match: set mode to "duel"`);
    expect(history.items[0].words).toContain(`seated ${id}`);
    const refused = await restore({ path: "mode", change: history.items[0].hash }, body.id);
    expect([refused.status, refused.body.code]).toEqual([409, "nothing-to-restore"]);
  });
});

describe("GET /v1/documents/{id}", () => {
  it("[HIS4] is the document as it was at any heads, and as it is without", async () => {
    const { made, us, asia, joined } = await changes();
    const now = await get("");
    expect(now).toMatchObject({ id, kind: "player", heads: [joined.hash] });
    expect(now.document).toMatchObject({ username: "ada", platform: "pc", "metadata/level": 1 });
    expect((await get(`?at=${joined.hash}`)).document).toEqual(now.document);
    expect((await get(`?at=${made.hash}`)).document).toMatchObject({ region: "eu" });
    expect((await get(`?at=${us.hash}`)).document).not.toHaveProperty("displayName");
    expect((await get(`?at=${us.hash}`)).document.region).toBe("us");
    const both = await get(`?at=${us.hash},${asia.hash}`);
    expect(both.heads).toEqual([us.hash, asia.hash]);
    expect(both.document).toEqual({ ...now.document, platform: undefined });
  });

  it("[HIS4] two sets of heads are compared, register by register", async () => {
    const { made, us, asia } = await changes();
    const diff = await get(`/diff?from=${us.hash}&to=${asia.hash}`);
    expect(diff).toMatchObject({ from: [us.hash], to: [asia.hash] });
    expect(diff.patches).toEqual([
      { path: "displayName", to: "Ada" },
      { path: "region", from: "us", to: "asia" },
    ]);
    expect((await get(`/diff?from=${made.hash}&to=${made.hash}`)).patches).toEqual([]);
  });
});

describe("POST /v1/documents/{id}/restore", () => {
  it("[HIS3] puts a lost value back by a change that names it, and every server follows", async () => {
    const { us, asia } = await changes();
    const { region } = (await get("")).document;
    const lost = region === "us" ? asia : us;
    const wanted = region === "us" ? "asia" : "us";
    const { status, body, headers } = await restore({
      path: "region",
      change: lost.hash,
      reason: "it was right",
    });
    expect([status, body.region]).toEqual([200, wanted]);
    expect(headers["rollcall-position"]).toMatch(/:\d+$/);
    const [newest] = (await get("/history")).items as Change[];
    expect(newest).toMatchObject({
      reason: "restore",
      by: "ops",
      restores: lost.hash,
      sets: [{ path: "region", to: wanted }],
      words: `eu-1 put back what ${lost.hash.slice(0, 8)} had set: set region to "${wanted}"`,
    });
    await exchange(one, other);
    expect((await supertest(other.app).get(`/v1/players/${id}`)).body.region).toBe(wanted);
  });

  it("[HIS3] claims a name anew, if nobody else has it", async () => {
    const { made } = await changes();
    await edit(one, { username: "eve" });
    const { id: bob } = await registerPlayer(one, { username: "Ada" });
    const wish = { path: "username", change: made.hash };
    const refused = await restore(wish);
    expect([refused.status, refused.body.code]).toEqual([409, "name-taken"]);
    await supertest(one.app).patch(`/v1/players/${bob}`).set(AS_KEY).send({ username: null });
    expect((await restore(wish)).body).toMatchObject({ username: "ada" });
  });

  it("[HIS3] has others give a name up for it, where it is told so: by name, and by them alone", async () => {
    const { made } = await changes();
    await edit(one, { username: "eve" });
    const { id: bob } = await registerPlayer(one, { username: "Ada" });
    const { id: grace } = await registerPlayer(one, { username: "grace" });
    const wish = { path: "username", change: made.hash, reason: "it was hers" };
    const ofAnother = await restore({ ...wish, takeFrom: [grace] });
    expect([ofAnother.status, ofAnother.body.code]).toEqual([409, "name-taken"]);
    const { status, body } = await restore({ ...wish, takeFrom: [grace, bob, id] });
    expect([status, body.username, body.usernameStatus]).toEqual([200, "ada", "provisional"]);
    const read = async (other: string) => (await supertest(one.app).get(`/v1/players/${other}`)).body;
    expect([(await read(bob)).username, (await read(grace)).username]).toEqual([null, "grace"]);
    const { body: trail } = await supertest(one.app).get("/v1/audit?action=restore").set(AS_OPS);
    expect(trail.items).toMatchObject([
      { documentId: id, reason: "it was hers" },
      { documentId: bob, reason: "it was hers" },
    ]);
  });

  it("[CLM3] takes a name from nobody for a spelling that would be refused", async () => {
    const world = await openHttpWorld({ server: "ap-1", origin: "e".repeat(32) });
    const { id: earlier } = await registerPlayer(other, { username: "lovelace" });
    await edit(one, { username: "LOVELACE" });
    await edit(one, { username: "LoveLace" });
    await registerPlayer(world, { username: "lovelace" });
    await exchange(one, other);
    await exchange(one, world);
    const spelt = (await changes()).items.find(({ sets }) => sets.some(({ to }) => to === "LOVELACE"));
    const refused = await restore({ path: "username", change: spelt?.hash, takeFrom: [earlier] });
    expect([refused.status, refused.body.code]).toEqual([409, "name-contested"]);
    expect((await supertest(one.app).get(`/v1/players/${earlier}`)).body.username).toBe("lovelace");
  });

  it("[CLM3] gives a name to who lost it in a split, past all whose claims are earlier, by the claim it has", async () => {
    const world = await openHttpWorld({ server: "ap-1", origin: "e".repeat(32) });
    const { id: second } = await registerPlayer(other, { username: "lovelace" });
    const { id: third } = await registerPlayer(world, { username: "Lovelace" });
    await edit(one, { username: "LOVELACE" });
    for (const [from, to] of [
      [one, other],
      [one, world],
      [one, other],
    ] as const) {
      await exchange(from, to);
    }
    const { items } = (await supertest(one.app).get("/v1/conflicts?kind=username").set(AS_OPS)).body;
    const claimants = items[0].candidates.map(({ playerId }: { playerId: string }) => playerId);
    expect(claimants).toEqual([second, third, id]);
    const claimed = (await changes()).items.find(({ sets }) => sets.some(({ to }) => to === "LOVELACE"));
    const wish = { path: "username", change: claimed?.hash, takeFrom: [second, third] };
    expect((await restore({ ...wish, takeFrom: [third] })).body.code).toBe("name-taken");
    expect((await supertest(one.app).get(`/v1/players/${third}`)).body.username).toBe("Lovelace");
    const { body: restored, headers } = await restore(wish);
    expect(restored).toMatchObject({ username: "LOVELACE", handle: "LOVELACE" });
    // Whoever waits for this position has the name as it is, and the note of who did so.
    const newest = one.registry.vector.get(ORIGIN) ?? 0;
    expect(headers["rollcall-position"]).toBe(`${ORIGIN}:${newest}`);
    expect((await changes()).items[0]?.hash).toBe(claimed?.hash);
    await exchange(one, other);
    for (const { app } of [one, other]) {
      const { body } = await supertest(app).get(`/v1/players/${id}`);
      expect(body).toMatchObject({ username: "LOVELACE", handle: "LOVELACE" });
      expect((await supertest(app).get("/v1/conflicts?kind=username").set(AS_OPS)).body.items).toEqual([]);
    }
  });

  it("takes nothing from others for a field that is no name, nor under a condition that does not hold", async () => {
    const { made, us } = await changes();
    const { id: bob } = await registerPlayer(one, { username: "bob" });
    const ofRegion = await restore({ path: "region", change: us.hash, takeFrom: [bob] });
    expect([ofRegion.status, ofRegion.body.errors]).toMatchObject([400, [{ pointer: "/takeFrom" }]]);
    const headOf = (await supertest(one.app).get(`/v1/players/${id}`)).headers.etag ?? "";
    await edit(one, { username: "eve" });
    await supertest(one.app).patch(`/v1/players/${bob}`).set(AS_KEY).send({ username: "ada" });
    const stale = await supertest(one.app)
      .post(`/v1/documents/${id}/restore`)
      .set({ ...AS_OPS, "If-Match": headOf })
      .send({ path: "username", change: made.hash, takeFrom: [bob] });
    expect(stale.status).toBe(412);
    expect((await supertest(one.app).get(`/v1/players/${bob}`)).body.username).toBe("ada");
  });

  it("[IDM1] takes a name once, however often one request is sent", async () => {
    const { made } = await changes();
    await edit(one, { username: "eve" });
    const { id: bob } = await registerPlayer(one, { username: "ada" });
    const send = () =>
      supertest(one.app)
        .post(`/v1/documents/${id}/restore`)
        .set({ ...AS_OPS, "Idempotency-Key": "put-it-back" })
        .send({ path: "username", change: made.hash, takeFrom: [bob] });
    expect((await send()).body.username).toBe("ada");
    await edit(one, { username: "eve" });
    await supertest(one.app).patch(`/v1/players/${bob}`).set(AS_KEY).send({ username: "ada" });
    expect((await send()).status).toBe(200);
    expect((await supertest(one.app).get(`/v1/players/${bob}`)).body.username).toBe("ada");
  });

  it("[HIS3] changes nothing where it is so already, and refuses what the change did not set", async () => {
    const { joined } = await changes();
    expect((await restore({ path: "platform", change: joined.hash })).status).toBe(200);
    expect((await changes()).items[0]?.hash).toBe(joined.hash);
    for (const path of ["region", "metadata/level", "createdAt", "metadata/"]) {
      const { status, body } = await restore({ path, change: joined.hash });
      expect([path, status, body.code]).toEqual([path, 409, "nothing-to-restore"]);
    }
  });

  it("[ERA1] nothing of an erased player is shown or put back", async () => {
    const { made } = await changes();
    expect(one.registry.histories.kept).toBe(1);
    await supertest(one.app).delete(`/v1/players/${id}`).set(AS_OPS);
    expect(one.registry.histories.kept).toBe(0);
    for (const path of ["", "/history", `/diff?from=${made.hash}&to=${made.hash}`]) {
      const { status } = await supertest(one.app).get(`/v1/documents/${id}${path}`).set(AS_OPS);
      expect([path, status]).toEqual([path, 410]);
    }
    expect((await restore({ path: "region", change: made.hash })).status).toBe(410);
  });
});
