/** Creating a match once more by its key, when its host may not take part any more (ID2). */
import { expect, it } from "vitest";
import { PlayerErasedError } from "../../../crdt/player-errors.ts";
import { PlayerBannedError } from "../../../src/registry/errors.ts";
import { AUTHOR, startTestServer, type TestServer } from "../../support/test-server.ts";

async function register({ registry }: TestServer): Promise<string> {
  const identity = { provider: "device", subject: "ada" };
  return (await registry.players.register({ identity, fields: {} }, AUTHOR)).player.id;
}

it.each([
  [
    "banned",
    PlayerBannedError,
    async ({ registry }: TestServer, id: string) => {
      await registry.players.ban(id, { reason: "cheating", untilMs: null }, AUTHOR);
    },
  ],
  [
    "erased",
    PlayerErasedError,
    async ({ registry }: TestServer, id: string) => {
      await registry.players.erase(id, AUTHOR);
    },
  ],
])("[ID2] a key that is known answers with its match when the host was %s since", async (_, error, turn) => {
  const server = await startTestServer();
  const { matches } = server.registry;
  const hostId = await register(server);
  const creation = { mode: "duel", capacity: 2, hostId };
  const first = await matches.create({ ...creation, idempotencyKey: "key" }, AUTHOR);
  await turn(server, hostId);
  const again = await matches.create({ ...creation, idempotencyKey: "key" }, AUTHOR);
  expect(first.created).toBe(true);
  expect(again).toMatchObject({ match: first.match, position: first.position, created: false });
  await expect(matches.create({ ...creation, idempotencyKey: "other" }, AUTHOR)).rejects.toThrow(error);
  await expect(matches.create(creation, AUTHOR)).rejects.toThrow(error);
});
