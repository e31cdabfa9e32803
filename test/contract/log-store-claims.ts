/** The part of the log store's contract that is about claims on names and identities (CLM1, CLM4). */
import { expect, it } from "vitest";
import type { ClaimGroup } from "../../crdt/claim.ts";
import type { Player } from "../../crdt/player.ts";
import { BatchRefusedError } from "../../src/storage/errors.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import {
  batchOf,
  claimGroupsOf,
  idOf,
  originOf,
  playerOf,
  playerRowOf,
  playersOf,
  STAMP,
} from "../support/log-fixtures.ts";

const LATER = "019ab33c5e7f0001";

/** Who claims a name, at this stamp. */
function claimant(number: number, username: string, stamp: string, fields: Partial<Player> = {}): Player {
  return playerOf(number, { username, usernameClaim: { stamp, origin: originOf(number) }, ...fields });
}

function steam(subject: string, stamp = STAMP) {
  return { provider: "steam", subject, stamp, origin: originOf(1) };
}

export function claimsContract(open: () => Promise<{ store: LogStore }>): void {
  it("[LOG5] claim groups come back as they were, whatever their keys hold", async () => {
    const { store } = await open();
    const rows = ["%", "'", "{a,b}", "NULL", "😀", " ", "\\", "ß".repeat(120)].map((text, index) =>
      playerRowOf(playerOf(index, { username: text, identities: [steam(text)] })),
    );
    const claims = claimGroupsOf(rows);
    await store.commit(batchOf({ ...playersOf(rows), claims, newClaims: new Set(claims) }));
    const found = await store.claims([...claims, ...claims, { kind: "username", key: "nobody" }]);
    expect(found).toHaveLength(16);
    for (const group of claims) expect(found).toContainEqual(group);
    expect(await store.claims([{ kind: "identity", key: "%" }])).toEqual([]);
    expect(await store.claims([{ kind: "username", key: "\u0000" }])).toEqual([]);
  });

  it("[LOG5] the first claim of a group owns it, for its holder", async () => {
    const { store } = await open();
    const rows = [
      playerRowOf(claimant(1, "Ada", LATER, { identities: [steam("7", LATER)] })),
      playerRowOf(claimant(2, "ADA", STAMP)),
      playerRowOf(claimant(3, "Eve", STAMP, { identities: [steam("7")] }), { survivorId: idOf(0) }),
    ];
    await store.commit(batchOf(playersOf(rows)));
    expect(await store.player(idOf(1))).toMatchObject({ usernameOwnerId: idOf(2) });
    expect(await store.player(idOf(2))).toMatchObject({ usernameOwnerId: idOf(2) });
    expect(await store.player(idOf(3))).toMatchObject({ usernameOwnerId: null });
    expect(await store.ownerOfIdentity("steam:7")).toBe(idOf(0));
    expect(await store.ownerOfIdentity("steam:8")).toBeUndefined();
    expect(await store.ownerOfIdentity("\u0000")).toBeUndefined();
    expect(await store.ownerOfIdentity("ada")).toBeUndefined();
  });

  it("[LOG5] by name both who owns it and who lost it are found, but nobody who was merged away", async () => {
    const { store } = await open();
    const rows = [
      playerRowOf(claimant(1, "Ada", LATER)),
      playerRowOf(claimant(2, "ADA", STAMP)),
      playerRowOf(claimant(3, "ada", STAMP), { survivorId: idOf(1) }),
      playerRowOf(claimant(4, "Adam", STAMP)),
    ];
    await store.commit(batchOf(playersOf(rows)));
    const ids = async (query: { username?: string; prefix?: string }) =>
      (await store.players({ ...query, nowMs: 0, limit: 9 })).items.map(({ player }) => player.id);
    expect(await ids({ username: "aDa" })).toEqual([idOf(1), idOf(2)]);
    expect(await ids({ prefix: "aD" })).toEqual([idOf(1), idOf(2), idOf(4)]);
    expect(await ids({})).toEqual([idOf(1), idOf(2), idOf(4)]);
    const [page] = (await store.players({ username: "ada", nowMs: 0, limit: 1 })).items;
    expect(page?.usernameOwnerId).toBe(idOf(2));
  });

  it("[LOG2] a group takes the place of the former, and goes when it is empty", async () => {
    const { store } = await open();
    const first = playerRowOf(claimant(1, "Ada", STAMP));
    const second = playerRowOf(claimant(2, "Ada", LATER));
    const key = { kind: "username", key: "ada" } as const;
    await store.commit(batchOf(playersOf([first])));
    await store.commit(batchOf({ claims: claimGroupsOf([first, second]) }));
    expect(await store.claims([key])).toEqual(claimGroupsOf([first, second]));
    await store.commit(batchOf({ claims: claimGroupsOf([second]) }));
    expect(await store.player(idOf(1))).toMatchObject({ usernameOwnerId: idOf(2) });
    await store.commit(batchOf({ claims: [{ ...key, claims: [] }] }));
    expect(await store.claims([key])).toEqual([]);
    expect(await store.player(idOf(1))).toMatchObject({ usernameOwnerId: null });
    await store.commit(batchOf({ claims: [{ ...key, claims: [] }] }));
  });

  it("[LOG2] a batch with a new group that is there already is refused, and stores nothing", async () => {
    const { store } = await open();
    const commit = (claims: readonly ClaimGroup[]) =>
      store.commit(batchOf({ claims, newClaims: new Set(claims) }));
    const former = claimGroupsOf([playerRowOf(claimant(1, "Ada", STAMP))]);
    await commit(former);
    const again = claimGroupsOf([
      playerRowOf(claimant(2, "Eve", STAMP)),
      playerRowOf(claimant(3, "Ada", STAMP)),
    ]);
    await expect(commit(again)).rejects.toMatchObject({ code: "batch-refused", sqlState: "23505" });
    expect(await store.claims(again)).toEqual(former);
  });

  it("[LOG5] a claim on what no index takes is refused, and the store goes on", async () => {
    const { store } = await open();
    // Nothing that could be made shorter by compression.
    const long = Array.from({ length: 1_000 }, (_, index) => String.fromCodePoint(0x4e00 + index * 17)).join(
      "",
    );
    for (const subject of [long, "\u0000", "\udfff"]) {
      const claims = claimGroupsOf([playerRowOf(playerOf(1, { identities: [steam(subject)] }))]);
      await expect(store.commit(batchOf({ claims }))).rejects.toThrow(BatchRefusedError);
    }
    const longest = claimGroupsOf([playerRowOf(playerOf(1, { identities: [steam(long.slice(0, 860))] }))]);
    await store.commit(batchOf({ claims: longest }));
    expect(await store.claims(longest)).toEqual(longest);
  });
}
