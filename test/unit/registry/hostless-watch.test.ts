/** For how long the seats of matches without a host were seen as they are. */
import { expect, it } from "vitest";
import { HostlessWatch } from "../../../src/registry/hostless-watch.ts";
import { matchOf, seatOf } from "../../support/log-fixtures.ts";

const [FIRST, SECOND] = [matchOf(1), matchOf(2)];

function open(matchesMax?: number) {
  const clock = { nowMs: 0 };
  return { clock, watch: new HostlessWatch({ monotonicMs: () => clock.nowMs, matchesMax }) };
}

it("[MAT4] a match is silent from when its seats were first seen so", () => {
  const { clock, watch } = open();
  const seated = { ...FIRST, seats: [seatOf(1)] };
  const later = { ...FIRST, seats: [seatOf(1, { stamp: "ffffffffffff0000" })] };
  for (const seen of [FIRST, seated, later]) {
    expect(watch.silentForMs(seen)).toBe(0);
    clock.nowMs += 10;
    expect(watch.silentForMs(seen)).toBe(10);
  }
});

it("[MAT4] what a round did not meet is forgotten, and leaves its room to another", () => {
  const { clock, watch } = open(1);
  watch.silentForMs(FIRST);
  watch.silentForMs(SECOND);
  clock.nowMs += 10;
  expect([watch.silentForMs(FIRST), watch.silentForMs(SECOND)]).toEqual([10, 0]);
  watch.beginRound();
  watch.silentForMs(SECOND);
  watch.endRound();
  watch.silentForMs(SECOND);
  clock.nowMs += 10;
  expect([watch.silentForMs(SECOND), watch.silentForMs(FIRST)]).toEqual([10, 0]);
});
