import { expect, it } from "vitest";
import { Lockout } from "../../../../src/http/sessions/lockout.ts";

const MINUTE_MS = 60_000;

function lockoutAt(clock: { nowMs: number }, refusalsMax = 3): Lockout {
  return new Lockout({ refusalsMax, monotonicMs: () => clock.nowMs });
}

function refuse(lockout: Lockout, key: string, times: number): void {
  for (let time = 0; time < times; time++) lockout.refuse(key);
}

it("locks for twice as long each time, up to a quarter of an hour", () => {
  const clock = { nowMs: 5 };
  const lockout = lockoutAt(clock);
  for (const minutes of [1, 2, 4, 8, 15, 15]) {
    refuse(lockout, "a", 2);
    expect(lockout.lockedForMs("a")).toBe(0);
    lockout.refuse("a");
    expect(lockout.lockedForMs("a")).toBe(minutes * MINUTE_MS);
    clock.nowMs += minutes * MINUTE_MS - 1;
    expect(lockout.lockedForMs("a")).toBe(1);
    clock.nowMs += 1;
    expect(lockout.lockedForMs("a")).toBe(0);
  }
});

it("knows each key by itself", () => {
  const lockout = lockoutAt({ nowMs: 0 });
  refuse(lockout, "a", 3);
  expect(lockout.lockedForMs("b")).toBe(0);
  refuse(lockout, "b", 2);
  expect(lockout.lockedForMs("b")).toBe(0);
});

it("is not longer for those that were under way when it began", () => {
  const clock = { nowMs: 0 };
  const lockout = lockoutAt(clock);
  refuse(lockout, "a", 50);
  expect(lockout.lockedForMs("a")).toBe(MINUTE_MS);
  clock.nowMs += MINUTE_MS;
  refuse(lockout, "a", 3);
  expect(lockout.lockedForMs("a")).toBe(2 * MINUTE_MS);
});

it("begins anew after a quarter of an hour", () => {
  const clock = { nowMs: 0 };
  const lockout = lockoutAt(clock);
  refuse(lockout, "a", 2);
  clock.nowMs += 15 * MINUTE_MS;
  refuse(lockout, "a", 2);
  expect(lockout.lockedForMs("a")).toBe(0);
  lockout.refuse("a");
  clock.nowMs += 16 * MINUTE_MS;
  refuse(lockout, "a", 3);
  expect(lockout.lockedForMs("a")).toBe(MINUTE_MS);
});

it("forgets when it is told so", () => {
  const lockout = lockoutAt({ nowMs: 0 });
  refuse(lockout, "a", 2);
  lockout.forget("a");
  refuse(lockout, "a", 2);
  expect(lockout.lockedForMs("a")).toBe(0);
});

it("keeps no more than so many keys, and of them the latest", () => {
  const lockout = lockoutAt({ nowMs: 0 }, 1);
  for (let key = 0; key <= 20_000; key++) lockout.refuse(String(key));
  expect(lockout.lockedForMs("0")).toBe(0);
  expect(lockout.lockedForMs("1")).toBe(MINUTE_MS);
  expect(lockout.lockedForMs("20000")).toBe(MINUTE_MS);
});
