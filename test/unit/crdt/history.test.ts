import { encodeChange } from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeOntoFirst } from "../../../crdt/automerge.ts";
import { changeHash, type DecodedChange } from "../../../crdt/change.ts";
import { DocumentHistory, historyOf } from "../../../crdt/history.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { newAuthor } from "../../support/author.ts";
import { actorOf } from "../../support/replica.ts";

const [S1, S2, S3, S4] = ["0000000000010000", "0000000000020000", "0000000000030000", "0000000000040000"];

function hashesOf(changes: readonly DecodedChange[]): string[] {
  return historyOf(PLAYER_FIRST_CHANGE, changes).map(({ hash }) => hash);
}

/** A registration on both sides of a split, an edit on each, and one that joins them. */
function split() {
  const one = newAuthor(1);
  const registered = one.write(S1, { region: "eu", "metadata/level": 1 });
  const other = newAuthor(2, one);
  const left = one.write(S3, { region: "us" });
  const right = other.write(S2, { "metadata/level": 2 });
  const further = other.write(S3, { displayName: "Ada" });
  one.hear(other);
  const joined = one.write(S4, { region: null, displayName: "Ada L." });
  return { registered, left, right, further, joined };
}

describe("history", () => {
  it("[HIS1] has each change with its actor, number, note, parents and what it set", () => {
    const { registered, left, right, further, joined } = split();
    const history = historyOf(PLAYER_FIRST_CHANGE, [registered, left, right, further, joined]);
    expect(history.map(({ change, concurrentWith, concurrentCount, stamp, ...item }) => item)).toEqual([
      {
        hash: registered.hash,
        parents: [],
        actor: actorOf(1),
        sequence: 1,
        note: { stamp: S1, reason: "edit", by: "key" },
        sets: [
          { path: "region", to: "eu" },
          { path: "metadata/level", to: 1 },
        ],
      },
      {
        hash: right.hash,
        parents: [registered.hash],
        actor: actorOf(2),
        sequence: 1,
        note: { stamp: S2, reason: "edit", by: "key" },
        sets: [{ path: "metadata/level", to: 2 }],
      },
      ...[left, further]
        .sort((a, b) => (a.hash < b.hash ? -1 : 1))
        .map((change) => ({
          hash: change.hash,
          parents: [change === left ? registered.hash : right.hash],
          actor: change.actor,
          sequence: 2,
          note: { stamp: S3, reason: "edit", by: "key" },
          sets: [change === left ? { path: "region", to: "us" } : { path: "displayName", to: "Ada" }],
        })),
      {
        hash: joined.hash,
        parents: [left.hash, further.hash].sort(),
        actor: actorOf(1),
        sequence: 3,
        note: { stamp: S4, reason: "edit", by: "key" },
        sets: [
          { path: "region", to: null },
          { path: "displayName", to: "Ada L." },
        ],
      },
    ]);
  });

  it("[HIS1] says of each change which others neither knew of it nor it of them", () => {
    const { registered, left, right, further, joined } = split();
    const history = historyOf(PLAYER_FIRST_CHANGE, [joined, further, right, left, registered]);
    const concurrent = new Map(history.map(({ hash, concurrentWith }) => [hash, concurrentWith()]));
    expect(concurrent.get(left.hash)).toEqual([right.hash, further.hash].sort());
    expect(concurrent.get(right.hash)).toEqual([left.hash]);
    expect(concurrent.get(further.hash)).toEqual([left.hash]);
    expect(concurrent.get(registered.hash)).toEqual([]);
    expect(concurrent.get(joined.hash)).toEqual([]);
  });

  it("[HIS1] stands parents first, whatever their stamps say", () => {
    const one = newAuthor(1);
    const late = one.write(S4, { region: "eu" });
    const early = one.write(S1, { region: "us" });
    const alone = newAuthor(2).write(S2, { region: "asia" });
    expect(hashesOf([early, late, alone])).toEqual([alone.hash, late.hash, early.hash]);
  });

  it("[HIS1] of changes of one stamp the one with the least hash comes first", () => {
    const changes = [1, 2, 3, 4, 5].map((number) => newAuthor(number).write(S1, { region: "eu" }));
    expect(hashesOf(changes)).toEqual(changes.map(({ hash }) => hash).sort());
  });

  it("[HIS1] leaves out changes whose parents are missing, the first change, and repetitions", () => {
    const { registered, left, right, further, joined } = split();
    const first = decodeChange(PLAYER_FIRST_CHANGE.bytes, PLAYER_FIRST_CHANGE.hash);
    expect(hashesOf([first, joined, further, left, registered, left])).toEqual([registered.hash, left.hash]);
    expect(hashesOf([left, right, further, joined])).toEqual([]);
  });

  it("[HIS1] shows a username without the stamp of its claim", () => {
    const one = newAuthor(1);
    one.write(S1, { username: `${S1} Ada L.` });
    one.write(S2, { username: "no claim" });
    const sets = historyOf(PLAYER_FIRST_CHANGE, one.held).flatMap((item) => item.sets);
    expect(sets).toEqual([
      { path: "username", to: "Ada L." },
      { path: "username", to: null },
    ]);
  });

  it("[HIS1] has changes without a readable note, as the earliest", () => {
    const noted = newAuthor(1).write(S1, { region: "eu" });
    const { bytes, hash } = encodeOntoFirst(
      PLAYER_FIRST_CHANGE,
      { actor: actorOf(2), timeMs: 0, message: "no note" },
      [{ map: null, key: "region", value: "us" }],
    );
    const [item] = historyOf(PLAYER_FIRST_CHANGE, [noted, decodeChange(bytes, hash)]);
    expect(item).toMatchObject({ hash, note: undefined, sets: [{ path: "region", to: "us" }] });
  });

  it("[UNK1] names a register once, reads what it does not know as unset, and leaves other objects out", () => {
    const actor = actorOf(1);
    const set = { action: "set", pred: [], obj: "_root" };
    const bytes = encodeChange({
      ...{
        actor,
        author: null,
        seq: 1,
        startOp: 7,
        time: 0,
        message: null,
        deps: [PLAYER_FIRST_CHANGE.hash],
      },
      ops: [
        { ...set, key: "region", value: "eu" },
        { ...set, key: "wins", value: 3, datatype: "counter" },
        { ...set, key: "region", value: "us", pred: [`7@${actor}`] },
        { action: "makeMap", obj: "_root", key: "loadout", pred: [] },
        { ...set, obj: `10@${actor}`, key: "hat", value: "red" },
        { action: "inc", obj: "_root", key: "wins", value: 2, pred: [`8@${actor}`] },
      ],
    } as Parameters<typeof encodeChange>[0]);
    const [item] = historyOf(PLAYER_FIRST_CHANGE, [decodeChange(bytes, changeHash(bytes))]);
    expect(item?.sets).toEqual([
      { path: "wins", to: null },
      { path: "region", to: "us" },
      { path: "loadout", to: null },
    ]);
  });

  it("[HIS1] of two long sides of a split knows which were concurrent, and comes by pages", () => {
    const one = newAuthor(1);
    const base = one.write(S1, { region: "eu" });
    const [two, three] = [newAuthor(2, one), newAuthor(3, one)];
    const side = (author: typeof one) =>
      Array.from({ length: 500 }, (_, index) => author.write(S2, { "metadata/level": index }));
    const [left, right] = [side(two), side(three)];
    const history = new DocumentHistory(PLAYER_FIRST_CHANGE, [...left, ...right, base]);
    const all = history.all();
    expect(all).toHaveLength(1_001);
    expect(history.length).toBe(1_001);
    expect(all[0]?.concurrentWith()).toEqual([]);
    for (const item of all.slice(-25)) {
      const others = item.actor === actorOf(2) ? right : left;
      expect(item.concurrentWith()).toEqual(others.map(({ hash }) => hash).sort());
      expect(item.concurrentCount).toBe(500);
      expect(others.map(({ hash }) => hash)).toEqual(expect.arrayContaining(item.concurrentWith(3)));
      expect(item.concurrentWith(3)).toHaveLength(3);
    }
    const paged: string[] = [];
    let page = history.page(300);
    while (page.next) {
      paged.push(...page.items.map(({ hash }) => hash));
      page = history.page(300, page.next);
    }
    paged.push(...page.items.map(({ hash }) => hash));
    expect(paged).toEqual(all.map(({ hash }) => hash).reverse());
  });

  it("[HIS1] goes on by stamp after a change that is not known here", () => {
    const { registered, left, right, further, joined } = split();
    const history = new DocumentHistory(PLAYER_FIRST_CHANGE, [registered, left, right, further, joined]);
    const items = (hash: string, stamp: string) =>
      history.page(9, { hash, stamp }).items.map((item) => item.hash);
    expect(items("f".repeat(64), S4)).toEqual(
      history
        .all()
        .map(({ hash }) => hash)
        .reverse(),
    );
    expect(items("0".repeat(64), S2)).toEqual([registered.hash]);
    expect(items("0".repeat(64), S1)).toEqual([]);
  });
});
