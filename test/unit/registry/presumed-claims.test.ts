/** Names that a batch takes to be free, and that are given up before it is committed. */
import { expect, it } from "vitest";
import { playerIdOfIdentity } from "../../../crdt/ids.ts";
import { AUTHOR, hold, REALM, startTestServer } from "../../support/test-server.ts";

it("[CLM1] a name that is claimed and given up within one batch stays its owner's", async () => {
  const { registry, store } = await startTestServer();
  const owner = await registry.players.register({ fields: { username: "Ada" } }, AUTHOR);
  const identity = { provider: "device", subject: "eve" };
  const id = playerIdOfIdentity(REALM, identity);
  await Promise.allSettled([
    registry.players.register({ identity, fields: { username: "ada" } }, AUTHOR),
    registry.players.edit(id, { username: null }, AUTHOR),
  ]);
  // PostgreSQL is not asked whether a group is new that has no claims: it would lose whatever stands there.
  const ended = store.batches.flatMap(({ newClaims }) => [...newClaims].filter((g) => g.claims.length === 0));
  expect(ended).toEqual([]);
  expect(await registry.players.read(owner.player.id)).toMatchObject({ handle: "Ada" });
});

it("[CLM1] a page of registrations, one of them of a player who is known, is planned a few times and not once a name", async () => {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const register = ({ registry }: typeof one, number: number) =>
    registry.players.register(
      { identity: { provider: "device", subject: String(number) }, fields: { username: `player ${number}` } },
      AUTHOR,
    );
  await register(other, 7);
  for (let number = 0; number < 40; number++) await register(one, number);
  const before = other.store.documentsAsked;
  await other.registry.receive(await one.entries());
  expect(other.store.documentsAsked - before).toBeLessThan(10);
  expect(other.registry.digest().documents).toBe(40);
});

it("[CLM3] [CLM4] nobody is refused on a presumption: an identity leads to the player who linked it", async () => {
  const server = await startTestServer();
  const { registry } = server;
  const identity = { provider: "steam", subject: "7" };
  const { player } = await registry.players.register({ fields: { username: "Eve" } }, AUTHOR);
  await registry.players.linkIdentity(player.id, identity, AUTHOR);
  const { player: other } = await registry.players.register({ fields: {} }, AUTHOR);
  const release = hold(server);
  const busy = registry.players.register({ fields: {} }, AUTHOR);
  // In one group: the first has the name loaded, of the second it is presumed that nobody has its identity.
  const named = registry.players.edit(other.id, { username: "Ada" }, AUTHOR);
  const signedIn = registry.players.register({ identity, fields: { username: "ada" } }, AUTHOR);
  release();
  await Promise.all([busy, named]);
  expect(await signedIn).toMatchObject({ player: { id: player.id, username: "Eve" }, created: false });
});

it("[CLM1] a page of renames is planned a few times and not once a name", async () => {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const made = [];
  for (let number = 0; number < 40; number++) {
    made.push(await one.registry.players.register({ fields: { username: `player ${number}` } }, AUTHOR));
  }
  await other.registry.receive(await one.entries());
  for (const [number, { player }] of made.entries()) {
    await one.registry.players.edit(player.id, { username: number % 2 ? `new ${number}` : null }, AUTHOR);
  }
  other.store.claimsAsked = 0;
  await other.registry.receive(await one.entries());
  expect(other.store.claimsAsked).toBeLessThan(5);
  expect(other.registry.digest()).toEqual(one.registry.digest());
});

it("[CLM1] a page of players who register and rename themselves in it is planned a few times and not once a name", async () => {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  for (let number = 0; number < 40; number++) {
    const { player } = await one.registry.players.register(
      { fields: { username: `player ${number}` } },
      AUTHOR,
    );
    await one.registry.players.edit(player.id, { username: `new ${number}` }, AUTHOR);
    if (number % 2) await one.registry.players.edit(player.id, { username: `newer ${number}` }, AUTHOR);
  }
  other.store.claimsAsked = 0;
  await other.registry.receive(await one.entries());
  expect(other.store.claimsAsked).toBeLessThan(5);
  expect(other.registry.digest()).toEqual(one.registry.digest());
});

it("[CLM3] of two who take a name in one batch the second is refused", async () => {
  const server = await startTestServer();
  const { registry } = server;
  const { player: eve } = await registry.players.register({ fields: {} }, AUTHOR);
  const release = hold(server);
  const busy = registry.players.register({ fields: {} }, AUTHOR);
  const outcomes = Promise.allSettled([
    registry.players.register({ fields: { username: "Ada" } }, AUTHOR),
    registry.players.register({ fields: { username: "ada" } }, AUTHOR),
    registry.players.edit(eve.id, { username: "ADA" }, AUTHOR),
  ]);
  release();
  await busy;
  expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
});
