import { encodeChange } from "@automerge/automerge";
import { afterEach, describe, expect, it } from "vitest";
import { decodeChange } from "../../../crdt/automerge.ts";
import type { Json } from "../../../crdt/canonical.ts";
import { changeHash, type DecodedChange } from "../../../crdt/change.ts";
import type { Conflict } from "../../../crdt/conflict.ts";
import { fieldConflicts, needsFieldConflicts } from "../../../crdt/field-conflicts.ts";
import { MATCH_FIRST_CHANGE } from "../../../crdt/match.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { Author } from "../../support/author.ts";
import { actorOf, PLAYER_ID } from "../../support/replica.ts";

const [S1, S2, S3, S4] = ["0000000000010000", "0000000000020000", "0000000000030000", "0000000000040000"];

const authors: Author[] = [];

function newAuthor(number: number, first = PLAYER_FIRST_CHANGE): Author {
  const author = new Author(number, first);
  authors.push(author);
  return author;
}

afterEach(() => {
  for (const author of authors.splice(0)) author.free();
});

type Values = Parameters<Author["write"]>[1];

/** Two servers that both know of a first change with `before`, and then write each its own. */
function split(before: Values, ones: Values, others: Values): [Author, Author, DecodedChange, DecodedChange] {
  const [one, other] = [newAuthor(1), newAuthor(2)];
  one.write(S1, before);
  other.hear(one);
  const left = one.write(S2, ones);
  const right = other.write(S3, others);
  return [one, other, left, right];
}

function merge(one: Author, other: Author): void {
  one.hear(other);
  other.hear(one);
}

function conflictsOf(author: Author): Conflict[] {
  return fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, author.held);
}

/** The winner, and the candidates in order, of each. */
function outcomesOf(author: Author): (readonly [string | null, Json, Json[]])[] {
  return conflictsOf(author).map(({ path, winner, candidates }) => [
    path,
    winner,
    candidates.map(({ value }) => value),
  ]);
}

describe("field conflicts", () => {
  it("[HIS2] two concurrent changes that set one field to different values are one", () => {
    const [one, other, left, right] = split({ region: "eu" }, { region: "us" }, { region: "asia" });
    merge(one, other);
    expect(conflictsOf(one)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        scope: `field ${PLAYER_ID}`,
        kind: "field",
        documentId: PLAYER_ID,
        documentIds: [PLAYER_ID],
        path: "region",
        candidates: [
          { value: "us", change: left.hash, origin: actorOf(1), stamp: S2 },
          { value: "asia", change: right.hash, origin: actorOf(2), stamp: S3 },
        ],
        winner: "asia",
        rule: "PLY1",
      },
    ]);
    expect(one.read("region")).toBe("asia");
    expect(conflictsOf(other)).toEqual(conflictsOf(one));
  });

  it("[HIS2] equal values are no conflict, and neither are different fields", () => {
    const [one, other] = split(
      { region: "eu", "metadata/level": 1 },
      { region: "us", "metadata/level": 2 },
      { region: "us", "metadata/clan": "red" },
    );
    merge(one, other);
    expect(conflictsOf(one)).toEqual([]);
  });

  it("[HIS2] what was written knowing of the other is no conflict", () => {
    const one = newAuthor(1);
    one.write(S1, { region: "eu", displayName: "Ada" });
    const other = newAuthor(2);
    other.hear(one);
    other.write(S2, { region: "us" });
    one.hear(other);
    one.write(S3, { region: null });
    expect(conflictsOf(one)).toEqual([]);
  });

  it("[HIS2] texts and numbers that look alike differ, and two keys of the metadata are two conflicts", () => {
    const [one, other] = split(
      { region: "eu" },
      { "metadata/level": 7, "metadata/a/b": true },
      { "metadata/level": "7", "metadata/a/b": false },
    );
    merge(one, other);
    expect(outcomesOf(one)).toEqual([
      ["metadata/a/b", false, [true, false]],
      ["metadata/level", "7", [7, "7"]],
    ]);
  });

  it("[HIS2] only the last writes of each side are candidates", () => {
    const [one, other] = split({ region: "eu" }, { region: "us" }, { region: "asia" });
    one.write(S4, { region: "africa" });
    merge(one, other);
    expect(outcomesOf(one)).toEqual([["region", "africa", ["asia", "africa"]]]);
  });

  it("[HIS2] a value set stands against a deletion that did not know of it, whatever their counters", () => {
    const [one, other] = split({ region: "eu" }, { platform: "pc" }, { region: "us" });
    one.write(S4, { region: null });
    merge(one, other);
    expect(outcomesOf(one)).toEqual([["region", "us", ["us", null]]]);
    expect(one.read("region")).toBe("us");
  });

  it("[HIS2] two deletions are no conflict", () => {
    const [one, other] = split({ region: "eu" }, { region: null }, { region: null });
    merge(one, other);
    expect(conflictsOf(one)).toEqual([]);
  });

  it("[HIS2] the greater operation counter wins before the greater actor", () => {
    const [one, other] = split({ region: "eu" }, { platform: "pc", region: "us" }, { region: "asia" });
    merge(one, other);
    expect(outcomesOf(one)).toEqual([["region", "us", ["us", "asia"]]]);
    expect(one.read("region")).toBe("us");
  });

  it("[HIS2] a conflict stays in the list after a later write, and the next one is another", () => {
    const [one, other] = split({ region: "eu" }, { region: "us" }, { region: "asia" });
    merge(one, other);
    const before = conflictsOf(one);
    one.write(S4, { region: "us" });
    expect(conflictsOf(one)).toEqual(before);
    other.hear(one);
    one.write(S4, { region: "eu" });
    other.write(S4, { region: "africa" });
    merge(one, other);
    const [first, second, ...more] = conflictsOf(one);
    expect([first]).toEqual(before);
    expect(second).toMatchObject({ path: "region", winner: "africa" });
    expect(second?.id).not.toBe(first?.id);
    expect(more).toEqual([]);
  });

  it("[HIS2] a late write that neither side of a settled conflict knew of joins what it did not know", () => {
    const [one, other, third] = [newAuthor(1), newAuthor(2), newAuthor(3)];
    one.write(S1, { region: "us" });
    other.write(S2, { region: "asia" });
    third.write(S3, { region: "oceania" });
    merge(one, other);
    one.write(S4, { region: "africa" });
    expect(outcomesOf(one)).toEqual([["region", "asia", ["us", "asia"]]]);
    one.hear(third);
    expect(outcomesOf(one)).toEqual([["region", "africa", ["oceania", "africa"]]]);
    expect(one.read("region")).toBe("africa");
  });

  it("[HIS2] names are compared without the stamps of their claims", () => {
    const names = (left: string, right: string): Author => {
      const [one, other] = split(
        { region: "eu" },
        { username: `${S2} ${left}` },
        { username: `${S3} ${right}` },
      );
      merge(one, other);
      return one;
    };
    expect(conflictsOf(names("Ada", "Ada"))).toEqual([]);
    expect(outcomesOf(names("Ada", "Grace"))).toEqual([["username", "Grace", ["Ada", "Grace"]]]);
  });

  it("[HIS2] sets, and when and where a document began, are no fields", () => {
    const values = (text: string): Values => ({
      createdAt: text.length,
      homeServer: text,
      motto: text,
      "identities/steam:7": text,
      "bans/1": text,
      "merges/1": text,
    });
    const [one, other] = split({ region: "eu" }, values("x"), values("other"));
    merge(one, other);
    expect(conflictsOf(one)).toEqual([]);
  });

  it("[HIS2] of a match only its registers and metadata are fields", () => {
    const [one, other] = [newAuthor(1, MATCH_FIRST_CHANGE), newAuthor(2, MATCH_FIRST_CHANGE)];
    const values = (number: number): Values => ({
      createdAt: number,
      capacity: number,
      mode: `${number}`,
      "metadata/map": number,
      "facts/started": number,
      "seats/x": number,
      "reports/x": number,
      "settlements/x": number,
    });
    one.write(S1, values(1));
    other.write(S2, values(2));
    merge(one, other);
    const conflicts = fieldConflicts(PLAYER_ID, MATCH_FIRST_CHANGE, one.held);
    expect(conflicts.map(({ path }) => path)).toEqual(["capacity", "metadata/map", "mode"]);
  });

  it("[STO1] values that some server could not store count as unset, and such keys are no fields", () => {
    const values = (text: string): Values => ({
      region: text,
      "metadata/a\0b": text,
      "metadata/__proto__": text,
    });
    const [one, other] = split({ displayName: "Ada" }, values("\0"), values("x".repeat(5_000)));
    merge(one, other);
    expect(conflictsOf(one)).toEqual([]);
    expect(one.read("region"), "it is in the document").not.toBeNull();
  });

  it("[UNK1] a value of a type that this version does not know counts as unset", () => {
    const one = newAuthor(1);
    one.write(S1, { region: "eu" });
    const op = { action: "set", obj: "_root", key: "region", value: 3, datatype: "counter", pred: [] };
    const bytes = encodeChange({
      ...{ actor: actorOf(2), author: null, seq: 1, startOp: 99, time: 0, message: `${S2} edit` },
      deps: [PLAYER_FIRST_CHANGE.hash],
      ops: [op],
    } as Parameters<typeof encodeChange>[0]);
    const changes = [...one.held, decodeChange(bytes, changeHash(bytes))];
    const [conflict] = fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, changes);
    expect(conflict).toMatchObject({ winner: null, candidates: [{ value: "eu" }, { value: null }] });
  });

  it("[HIS2] changes whose parents are missing take no part", () => {
    const [one, other] = split({ region: "eu" }, { platform: "pc" }, { region: "asia" });
    const last = one.write(S4, { region: "us" });
    const known = [...other.held, last];
    expect(fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, known)).toEqual([]);
    expect(fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, [...known, ...one.held])).toHaveLength(1);
  });

  it("[HIS2] need to be looked for only after a change that did not know of all heads", () => {
    const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];
    expect(needsFieldConflicts([a], [a])).toBe(false);
    expect(needsFieldConflicts([b, a], [a, b])).toBe(false);
    expect(needsFieldConflicts([a], [])).toBe(false);
    expect(needsFieldConflicts([a], [a, b])).toBe(true);
    expect(needsFieldConflicts([c], [a])).toBe(true);
    expect(needsFieldConflicts([], [a])).toBe(true);
  });
});
