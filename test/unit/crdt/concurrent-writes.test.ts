/** Which write wins, by example; that it is the same one everywhere is shown in `test/property`. */
import { encodeChange, load } from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeFirstChange, encodeOntoFirst, LiveDocument } from "../../../crdt/automerge.ts";
import { changeHash, type EncodedChange } from "../../../crdt/change.ts";
import type { Write } from "../../../crdt/document.ts";
import { UnacceptableChangeError } from "../../../crdt/errors.ts";
import { PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../../crdt/player.ts";
import { banWrites, liftBanWrites } from "../../../crdt/player-intents.ts";
import { WorkingDocument } from "../../../src/registry/working-document.ts";
import { actorOf, PLAYER_ID, Replica } from "../../support/replica.ts";

const STEAM = { provider: "steam", subject: "7" };
const HEAD = { timeMs: 0, message: "" };

function newReplica(number: number, heard: Replica): Replica {
  const replica = new Replica(number);
  replica.receive(heard.held);
  return replica;
}

/** Both after each has heard the other. */
function merged(one: Replica, other: Replica): [Player, Player] {
  const ones = one.held;
  one.receive(other.held);
  other.receive(ones);
  expect(one.outcome()).toEqual(other.outcome());
  return [one.player() as Player, other.player() as Player];
}

function onto(number: number, writes: readonly Write[]): EncodedChange {
  return encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: actorOf(number) }, writes);
}

describe("concurrent writes", () => {
  it("[ID1] one identity registered on both sides of a split is one player with the fields of both", () => {
    const [one, other] = [new Replica(1), new Replica(2)];
    one.register({ identity: STEAM, fields: { region: "eu", metadata: { level: 7 } } }, 0);
    other.register({ identity: STEAM, fields: { username: "Ada", metadata: { clan: "red" } } }, 0);
    const [player] = merged(one, other);
    expect(player).toMatchObject({ username: "Ada", region: "eu", identities: [STEAM] });
    expect({ ...player.metadata }).toEqual({ level: 7, clan: "red" });
  });

  it("[PLY1] edits of different fields on two sides both stand", () => {
    const one = new Replica(1);
    one.register({ fields: { region: "eu", metadata: { level: 1, clan: "red" } } }, 0);
    const other = newReplica(2, one);
    one.edit({ region: "us", metadata: { level: 2 } }, 0);
    other.edit({ displayName: "Ada", metadata: { clan: null } }, 0);
    const [player] = merged(one, other);
    expect(player).toMatchObject({ region: "us", displayName: "Ada" });
    expect({ ...player.metadata }).toEqual({ level: 2 });
  });

  it("[PLY1] of two edits of one field as far along, the greater actor's wins", () => {
    const one = new Replica(1);
    one.register({ fields: { region: "eu" } }, 0);
    const other = newReplica(2, one);
    one.edit({ region: "us" }, 1_000);
    other.edit({ region: "asia" }, 0);
    expect(merged(one, other)[0].region).toBe("asia");
  });

  it("[PLY1] of two edits of one field, that with the greater operation counter wins", () => {
    const one = new Replica(1);
    one.register({ fields: { region: "eu" } }, 0);
    const other = newReplica(2, one);
    one.edit({ platform: "pc" }, 0);
    one.edit({ region: "us" }, 0);
    other.edit({ region: "asia" }, 1_000);
    expect(merged(one, other)[0].region).toBe("us");
  });

  it("[PLY2] of two texts one wins whole: their letters are not mixed", () => {
    const one = new Replica(1);
    one.register({ fields: { displayName: "Ada" } }, 0);
    const other = newReplica(2, one);
    one.edit({ displayName: "Ada Lovelace" }, 0);
    other.edit({ displayName: "Countess Ada" }, 0);
    expect(merged(one, other)[0].displayName).toBe("Countess Ada");
    const operations = one.held.flatMap((change) => change.operations);
    expect(
      operations.every(({ action }) => action === "set"),
      "one operation a text",
    ).toBe(true);
  });

  it("[CLM1] of two concurrent renames one whole claim wins: the name with its own stamp", () => {
    const one = new Replica(1);
    one.register({ fields: { username: "Ada" } }, 0);
    const other = newReplica(2, one);
    one.edit({ username: "Grace" }, 1_000);
    other.edit({ username: "Barbara" }, 2_000);
    const claims = [...one.held, ...other.held]
      .flatMap(({ operations }) => operations)
      .filter(({ key }) => key === "username")
      .map(({ value }) => value);
    expect(claims).toContain("0000000007d00000 Barbara");
    expect(merged(one, other)[0]).toMatchObject({
      username: "Barbara",
      usernameClaim: { stamp: "0000000007d00000", origin: actorOf(2) },
    });
  });

  it("[CLM1] who wrote a claim is the server whose write won, also where its actor is the lesser", () => {
    const one = new Replica(1);
    one.register({ identity: STEAM, fields: { username: "Ada" } }, 0);
    const other = newReplica(2, one);
    one.edit({ platform: "pc" }, 0);
    one.edit({ username: "Grace" }, 0);
    other.edit({ username: "Barbara" }, 1_000);
    for (const player of merged(one, other)) {
      expect(player).toMatchObject({ username: "Grace", usernameClaim: { origin: actorOf(1) } });
      expect(player.identities).toMatchObject([{ ...STEAM, origin: actorOf(1) }]);
    }
  });

  it("[PLY3] an unban here and a ban there both stand: only what was seen is lifted", () => {
    const ban = { reason: "cheated", by: "ops", untilMs: null };
    const one = new Replica(1);
    one.register({ fields: {} }, 0);
    one.change("ban", 0, (player, stamp) => banWrites(player, { ...ban, id: "first" }, stamp));
    const other = newReplica(2, one);
    one.change("unban", 1_000, (player, stamp) => liftBanWrites(player, "first", stamp));
    other.change("ban", 0, (player, stamp) => banWrites(player, { ...ban, id: "second" }, stamp));
    expect(merged(one, other)[0].bans).toMatchObject([
      { id: "first", lifted: true },
      { id: "second", lifted: false },
    ]);
  });

  it("[ID4] a second change of one actor and number is refused", () => {
    const document = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(9), [
      onto(1, [{ map: null, key: "region", value: "eu" }]).bytes,
    ]);
    const forked = onto(1, [{ map: null, key: "region", value: "us" }]);
    expect(() => document.apply([forked.bytes])).toThrow(UnacceptableChangeError);
    document.free();
  });

  it("[DOC3] a change whose parent is missing shows neither in the state nor in the heads, until it comes", () => {
    const one = new Replica(1);
    one.register({ fields: { region: "eu" } }, 0);
    one.edit({ region: "us" }, 0);
    const [registration, edit] = one.held;
    if (!registration || !edit) throw new RangeError("a registration and an edit are two changes");
    const other = new Replica(2);
    other.receive([edit]);
    expect(other.outcome()).toEqual({ heads: [], player: undefined });
    other.receive([registration]);
    expect(other.outcome()).toEqual(one.outcome());
  });

  it("[DOC3] somebody who is registered here while changes wait for a parent is there at once", () => {
    const one = new Replica(1);
    one.register({ identity: STEAM, fields: { region: "eu" } }, 0);
    one.edit({ platform: "pc" }, 0);
    const other = new Replica(2);
    other.receive(one.held.slice(1));
    other.register({ identity: STEAM, fields: { displayName: "Ada" } }, 0);
    expect(other.player()).toMatchObject({ displayName: "Ada", platform: null });
    expect(merged(one, other)[0]).toMatchObject({ region: "eu", platform: "pc", displayName: "Ada" });
  });

  it("[DOC2] a register at the root with the name of a map hides nothing of the map", () => {
    const shadow = onto(2, [
      { map: null, key: "metadata", value: "in the way" },
      { map: "metadata", key: "level", value: 7 },
    ]);
    const decoded = decodeChange(shadow.bytes, shadow.hash);
    const [plain, live] = [newWorkingDocument(), newWorkingDocument()];
    plain.receive(decoded);
    live.receive(decoded);
    live.receive(decoded);
    for (const document of [plain, live]) {
      expect({ ...document.state()?.maps.metadata }).toEqual({ level: 7 });
      document.abandon();
    }
  });

  it("[DOC5] the heads are the changes that no other follows, sorted", () => {
    const changes = [1, 2, 3].map((number) => onto(number, [{ map: null, key: "region", value: "eu" }]));
    const document = LiveDocument.from(
      PLAYER_FIRST_CHANGE,
      actorOf(9),
      changes.map(({ bytes }) => bytes),
    );
    expect(document.heads()).toEqual(changes.map(({ hash }) => hash).sort());
    const join = document.edit(HEAD, [{ map: null, key: "region", value: "us" }]);
    expect(document.heads()).toEqual([join.hash]);
    document.free();
  });
});

function newWorkingDocument(): WorkingDocument {
  return new WorkingDocument(PLAYER_ID, PLAYER_FIRST_CHANGE, actorOf(9));
}

describe("what this version does not know", () => {
  it("[UNK1] a document of a newer schema is not read: its changes wait for their own first change", () => {
    const newer = encodeFirstChange({ ...PLAYER_FIRST_CHANGE.shape, schema: 2 });
    const writes = [{ map: null, key: "region", value: "eu" }];
    const change = encodeOntoFirst(newer, { ...HEAD, actor: actorOf(1) }, writes);
    const document = newWorkingDocument();
    document.receive(decodeChange(change.bytes, change.hash));
    expect(document.state()).toBeUndefined();
    document.abandon();
  });

  it("[UNK1] registers, maps and types that this version does not know survive its edits", () => {
    const actor = actorOf(1);
    const bytes = encodeChange({
      actor,
      author: null,
      seq: 1,
      startOp: 7,
      time: 0,
      message: null,
      deps: [PLAYER_FIRST_CHANGE.hash],
      ops: [
        { action: "set", obj: "_root", key: "region", value: "eu", pred: [] },
        { action: "set", obj: "_root", key: "motto", value: "onwards", pred: [] },
        { action: "set", obj: "_root", key: "wins", value: 3, datatype: "counter", pred: [] },
        { action: "makeMap", obj: "_root", key: "loadout", pred: [] },
        { action: "set", obj: `10@${actor}`, key: "hat", value: "red", pred: [] },
      ],
    });
    const document = newWorkingDocument();
    document.receive(decodeChange(bytes, changeHash(bytes)));
    const before = document.state();
    expect(before && projectPlayer(PLAYER_ID, before).region).toBe("eu");
    expect(before?.root).not.toHaveProperty("wins");

    const edit = document.edit(HEAD, [{ map: null, key: "region", value: "us" }]);
    document.abandon();
    const merged = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(3), [bytes, edit.bytes]);
    const newer = load<Record<string, unknown>>(merged.save());
    merged.free();
    expect(JSON.parse(JSON.stringify(newer))).toMatchObject({
      region: "us",
      motto: "onwards",
      wins: 3,
      loadout: { hat: "red" },
    });
  });
});
