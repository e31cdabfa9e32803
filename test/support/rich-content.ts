/** Something of everything that a server stores, written at two servers that did not hear of each other meanwhile. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Registry } from "../../src/registry/registry.ts";

const AUTHOR = { by: "ops", audit: { reason: "a test" } };
const ALL = { entriesMax: 100_000, bytesMax: 1e9 };

export interface RichContent {
  /** Called twin; `merged` was merged into it. */
  readonly survivor: DocumentId;
  /** Called ada once, with fields that were set twice. */
  readonly merged: DocumentId;
  /** Called robert, as another is too. */
  readonly bob: DocumentId;
  readonly banned: DocumentId;
  readonly erased: DocumentId;
  /** Finished and settled, in mode duel. */
  readonly duel: DocumentId;
  /** With somebody in the overflow. */
  readonly full: DocumentId;
}

/** Both servers hold all of it in the end. */
export async function writeRichContent(one: Registry, other: Registry): Promise<RichContent> {
  const register = async (registry: Registry, subject: string, fields: object = {}): Promise<DocumentId> => {
    const identity = { provider: "steam", subject };
    return (await registry.players.register({ identity, fields }, AUTHOR)).player.id;
  };
  const ada = await register(one, "ada", { username: "Ada", region: "eu", metadata: { level: 7 } });
  const twin = await register(one, "twin", { username: "Twin" });
  const bob = await register(one, "bob", { displayName: "Bob" });
  const banned = await register(one, "banned");
  const erased = await register(one, "erased", { username: "Gone" });
  const [survivor = "", merged = ""] = [ada, twin].sort();
  await exchange(one, other);

  await one.players.edit(ada, { displayName: "Countess", region: "us" }, AUTHOR);
  await other.players.edit(ada, { displayName: "Lovelace" }, AUTHOR);
  await one.players.edit(bob, { username: "Robert" }, AUTHOR);
  await other.players.register({ fields: { username: "robert" } }, AUTHOR);
  await one.players.ban(banned, { reason: "a test", untilMs: null }, AUTHOR);
  await one.players.merge(merged, survivor, AUTHOR);
  await other.players.erase(erased, AUTHOR);
  const full = (await one.matches.create({ mode: "solo", capacity: 1 }, AUTHOR)).match.id;
  await exchange(one, other);
  await one.matches.join(full, bob, AUTHOR);
  await other.matches.join(full, ada, AUTHOR);

  const duel = (await one.matches.create({ mode: "duel", capacity: 2, hostId: survivor }, AUTHOR)).match.id;
  await one.matches.join(duel, bob, AUTHOR);
  await one.matches.start(duel, AUTHOR);
  for (const id of [survivor, bob]) await one.matches.report(duel, id, { [survivor]: 1, [bob]: 2 }, AUTHOR);
  await exchange(one, other);
  await Promise.all([one, other].map((registry) => registry.foldedDigest()));
  return { survivor, merged, bob, banned, erased, duel, full };
}

async function exchange(one: Registry, other: Registry): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const origin of from.vector.keys()) await to.receive(await from.entries(origin, 1, ALL));
  }
}
