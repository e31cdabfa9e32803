import { describe, expect, it, test } from "vitest";
import { cut, displayWidth, wrap } from "../../../../src/cli/text/display-width.ts";

describe("the columns that a text takes", () => {
  it.each([
    ["", 0],
    ["ada", 3],
    ["Zoë", 3],
    ["Zoe\u0308", 3],
    ["漢字", 4],
    ["한글", 4],
    ["ｆｕｌｌ", 8],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["●│├", 3],
    ["a\u200bb", 2],
    ["\u{fffd}[31m", 5],
  ])("of %j are %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

test("what does not fit is cut between letters, and says so", () => {
  expect(cut("mallory", 7)).toBe("mallory");
  expect(cut("mallory", 5)).toBe("mall…");
  expect(cut("漢字漢字", 6)).toBe("漢字…");
  expect(cut("漢字漢字", 5)).toBe("漢字…");
  expect(cut("漢字", 1)).toBe("…");
});

test("a text is broken between words, and a long word where it must be", () => {
  expect(wrap("a claim that is early", 10)).toEqual(["a claim", "that is", "early"]);
  expect(wrap("0123456789abc de", 5)).toEqual(["01234", "56789", "abc", "de"]);
  expect(wrap("", 5)).toEqual([""]);
});
