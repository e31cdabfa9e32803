import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ban, banInForce, bannedUntilMs, FOREVER_MS, formatBan, readBans } from "../../../crdt/bans.ts";
import type { Registers, Scalar } from "../../../crdt/document.ts";
import { seeded } from "../../support/seeded.ts";

/** 2023-11-14T22:13:20Z. */
const STAMP = "018bcfe568000007";
const FROM_MS = 1_700_000_000_000;
const YEAR_9999_END_MS = 253_402_300_799_999;
const FOR_EVER = `${STAMP} ops - cheated`;

function registers(values: { readonly [key: string]: Scalar }): Registers {
  return Object.assign(Object.create(null), values);
}

function read(values: { readonly [key: string]: Scalar }): Ban[] {
  return readBans(registers(values));
}

describe("bans", () => {
  it.each([
    [null, "a reason in words", `${STAMP} ops - a reason in words`],
    [FROM_MS + 60_000, "", `${STAMP} ops 1700000060000 `],
    [0, " led by\na space", `${STAMP} ops 0  led by\na space`],
  ])("[PLY3] a ban until %s is written in one text, and read as it was written", (untilMs, reason, text) => {
    expect(formatBan({ stamp: STAMP, by: "ops", untilMs, reason })).toBe(text);
    expect(read({ "ban-1": text })).toEqual([
      { id: "ban-1", by: "ops", reason, fromMs: FROM_MS, untilMs, lifted: false },
    ]);
  });

  it("[PLY3] bans are sorted by id, each lifted by its own mark", () => {
    const bans = read({ b: FOR_EVER, "b/lifted": STAMP, c: FOR_EVER, a: FOR_EVER, "d/lifted": STAMP });
    expect(bans.map(({ id, lifted }) => [id, lifted])).toEqual([
      ["a", false],
      ["b", true],
      ["c", false],
    ]);
  });

  it.each([true, "", "yes", 7])("[STO1] a mark of %j, which is no stamp, lifts nothing", (mark) => {
    expect(read({ a: FOR_EVER, "a/lifted": mark })).toMatchObject([{ id: "a", lifted: false }]);
  });

  it.each([
    7,
    true,
    "",
    STAMP,
    `${STAMP} ops`,
    `${STAMP} ops -`,
    `${STAMP}  - cheated`,
    `${STAMP} ops 1.5 cheated`,
    `${STAMP} ops -1 cheated`,
    `${STAMP} ops soon cheated`,
    `${STAMP.toUpperCase()} ops - cheated`,
    `${STAMP} ops - a\0`,
    `${STAMP} ops - \ud800`,
    `${STAMP} ops - ${"x".repeat(4_097)}`,
    `${STAMP} ${"x".repeat(257)} - cheated`,
    `${STAMP} ops ${YEAR_9999_END_MS + 1} cheated`,
    `ffffffffffffffff ops - cheated`,
  ])("[STO1] %j is no ban", (value) => {
    expect(read({ a: value, b: FOR_EVER })).toMatchObject([{ id: "b" }]);
  });

  it.each(["", "a/b", "/", "a\0", "\udfff", "x".repeat(257)])("[STO1] %j is no id of a ban", (id) => {
    expect(read({ [id]: FOR_EVER })).toEqual([]);
  });

  it("[STO1] the longest reason and the latest end that are read", () => {
    const value = `${STAMP} ${"x".repeat(256)} ${YEAR_9999_END_MS} ${"x".repeat(4_096)}`;
    expect(read({ ["x".repeat(256)]: value })).toMatchObject([{ untilMs: YEAR_9999_END_MS }]);
  });

  it.each([
    [null, false, FROM_MS, true],
    [null, false, YEAR_9999_END_MS, true],
    [null, true, FROM_MS, false],
    [FROM_MS + 1, false, FROM_MS, true],
    [FROM_MS, false, FROM_MS, false],
    [FROM_MS - 1, false, FROM_MS, false],
    [FROM_MS + 1, true, FROM_MS, false],
  ])("[PLY3] a ban until %s, lifted: %s, is at %d in force: %s", (untilMs, lifted, nowMs, inForce) => {
    expect(banInForce({ untilMs, lifted }, nowMs)).toBe(inForce);
  });

  it.each([
    [[], null],
    [[{ untilMs: null, lifted: true }], null],
    [[{ untilMs: 5, lifted: false }], 5],
    [[{ untilMs: 0, lifted: false }], 0],
    [
      [
        { untilMs: 5, lifted: false },
        { untilMs: 9, lifted: true },
        { untilMs: 7, lifted: false },
      ],
      7,
    ],
    [
      [
        { untilMs: null, lifted: false },
        { untilMs: 5, lifted: false },
      ],
      FOREVER_MS,
    ],
  ])("[PLY3] %j ban until %s", (bans, until) => {
    expect(bannedUntilMs(bans)).toBe(until);
  });

  it("[PLY3] a player is banned until then exactly while any entry is in force", () => {
    const bans = fc.array(
      fc.record({ untilMs: fc.option(fc.nat(20), { nil: null }), lifted: fc.boolean() }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(bans, fc.nat(25), (list, nowMs) => {
        const until = bannedUntilMs(list);
        expect(until !== null && nowMs < until).toBe(list.some((ban) => banInForce(ban, nowMs)));
      }),
      seeded(500),
    );
  });
});
