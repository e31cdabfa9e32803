import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsernameClaim, normaliseUsername, parseUsernameClaim } from "../../../crdt/username-claim.ts";
import { anyCharacter } from "../../support/player-arbitraries.ts";
import { seeded } from "../../support/seeded.ts";

const STAMP = "018bcfe568000007";
/** NFKC writes it out in 18 letters. */
const LONGEST_LIGATURE = "\ufdfa";

describe("username claim", () => {
  it("[CLM1] is the stamp and the name in one text", () => {
    expect(formatUsernameClaim({ stamp: STAMP, name: "Ada L" })).toBe(`${STAMP} Ada L`);
  });

  it("[CLM1] comes out as it went in, whatever letters the name has", () => {
    const names = fc
      .string({ unit: anyCharacter, minLength: 1, maxLength: 32 })
      .filter((name) => !name.includes("\0"));
    fc.assert(
      fc.property(names, (name) => {
        expect(parseUsernameClaim(formatUsernameClaim({ stamp: STAMP, name }))).toEqual({
          stamp: STAMP,
          name,
        });
      }),
      seeded(300),
    );
  });

  it.each([
    undefined,
    7,
    true,
    "",
    "ada",
    STAMP,
    `${STAMP} `,
    `${STAMP}ada`,
    `${STAMP.toUpperCase()} ada`,
    ` ${STAMP} ada`,
  ])("[CLM1] %j is no claim", (value) => {
    expect(parseUsernameClaim(value)).toBeUndefined();
  });

  it.each([
    ["ADA", "ada"],
    ["ａｄａ", "ada"],
    ["Zoe\u0308", "zoë"],
    ["ﬁx", "fix"],
    ["İ", "i\u0307"],
    ["Ⅷ", "viii"],
    ["\u212a", "k"],
    ["ΝΙΚΟΣ", "νικοσ"],
    ["Νίκος", "νίκοσ"],
  ])("[CLM1] %s is compared as %s", (name, normalised) => {
    expect(normaliseUsername(name)).toBe(normalised);
  });

  it("[CLM1] the beginning of a name is one of its normalised form, in capitals too", () => {
    expect(normaliseUsername("ΝΙΚΟΣΤΡΑΤΟΣ").startsWith(normaliseUsername("ΝΙΚΟΣ"))).toBe(true);
  });

  it("[CLM1] a name in normalised form stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 12 }), (name) => {
        const normalised = normaliseUsername(name);
        expect(normaliseUsername(normalised)).toBe(normalised);
      }),
      seeded(500),
    );
  });

  it("[STO1] a name is not read if it is too long, also once normalised, or has what no database takes", () => {
    const isRead = (name: string): boolean => parseUsernameClaim(`${STAMP} ${name}`) !== undefined;
    expect(isRead("a".repeat(128))).toBe(true);
    expect(isRead("a".repeat(129))).toBe(false);
    expect(isRead(LONGEST_LIGATURE.repeat(32)), "all that a client may ask for").toBe(true);
    expect(isRead(LONGEST_LIGATURE.repeat(36))).toBe(false);
    expect(isRead("a\0")).toBe(false);
    expect(isRead("\ud800")).toBe(false);
  });
});
