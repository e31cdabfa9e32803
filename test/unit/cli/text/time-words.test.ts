import { expect, it } from "vitest";
import { ageWords, durationWords, timeWords } from "../../../../src/cli/text/time-words.ts";

const [S, MIN, H, D] = [1_000, 60_000, 3_600_000, 86_400_000];

it.each([
  [-5 * S, "0 s"],
  [0.4 * S, "0 s"],
  [59 * S, "59 s"],
  [60 * S, "1 min"],
  [90 * S, "90 s"],
  [150 * S, "2 min"],
  [H, "1 h"],
  [119 * MIN, "119 min"],
  [2 * H, "2 h"],
  [D, "1 d"],
  [47 * H, "47 h"],
  [72.5 * H, "3 d"],
])("%i ms are %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

it("says how long ago, and when, in UTC", () => {
  expect(ageWords("2026-11-26T13:00:00+02:00", Date.parse("2026-11-26T11:00:30Z"))).toBe("30 s ago");
  expect(timeWords("2026-11-26T13:00:05.678+02:00")).toBe("2026-11-26 11:00:05");
});
