import { expect, it, test } from "vitest";
import { parseLimit, parseSince } from "../../../../src/cli/operator/option-values.ts";

it.each([
  ["90s", 90],
  ["30min", 1_800],
  ["5m", 300],
  ["12h", 43_200],
  ["7d", 604_800],
])("takes %s as so long ago", (text, seconds) => {
  const from = Date.now() - seconds * 1_000;
  const since = Date.parse(parseSince(text));
  expect(since).toBeGreaterThanOrEqual(from);
  expect(since).toBeLessThan(from + 10_000);
});

it.each([
  ["2026-11-26T12:00:00Z", "2026-11-26T12:00:00.000Z"],
  ["2026-11-26T12:00:00.5+02:00", "2026-11-26T10:00:00.500Z"],
  ["2026-11-26", "2026-11-26T00:00:00.000Z"],
])("takes the time %s", (text, time) => {
  expect(parseSince(text)).toBe(time);
});

it.each(["", "yesterday", "12", "12y", "2026-13-01", "2026-11-26T12:00:00", "-1h"])("refuses %j", (text) => {
  expect(() => parseSince(text)).toThrow("expected 30min, 12h, 7d, or a time like 2030-01-31T12:00:00Z");
});

test("a limit is a whole number", () => {
  expect([parseLimit("1"), parseLimit("10000")]).toEqual([1, 10_000]);
  for (const text of ["0", "10001", "1.5", "-1", "", "ten"])
    expect(() => parseLimit(text)).toThrow("expected");
});
