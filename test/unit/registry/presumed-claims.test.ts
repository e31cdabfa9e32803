/** Names that a batch takes to be free, and that are given up before it is committed. */
import { expect, it } from "vitest";
import { playerIdOfIdentity } from "../../../crdt/ids.ts";
import { AUTHOR, REALM, startTestServer } from "../../support/test-server.ts";

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
