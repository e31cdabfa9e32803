import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../../crdt/canonical.ts";
import { anyCharacter } from "../../support/player-arbitraries.ts";
import { seeded } from "../../support/seeded.ts";

const jsons = fc.jsonValue({ maxDepth: 3, stringUnit: anyCharacter }) as fc.Arbitrary<Json>;

/** The same value, with the keys of every object made in the opposite order. */
function turned(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(turned);
  const entries = Object.entries(value).map(([key, item]) => [key, turned(item as Json)] as const);
  return Object.fromEntries(entries.reverse());
}

describe("canonical JSON", () => {
  it("[CAN1] sorts keys by code unit at every depth, without white space", () => {
    const value = { é: 1, b: [{ z: null, a: true }], B: "\u2028", "10": 0.1, "9": -0, "": {} };
    expect(canonicalJson(value)).toBe(`{"":{},"10":0.1,"9":0,"B":"\u2028","b":[{"a":true,"z":null}],"é":1}`);
    // By code unit U+1F600 (D83D DE00) comes before U+FFFD, by code point after it.
    expect(canonicalJson({ "\ufffd": 1, "😀": 2 })).toBe(`{"😀":2,"\ufffd":1}`);
  });

  it("[CAN1] is read back as the same value", () => {
    fc.assert(
      fc.property(jsons, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      seeded(300),
    );
  });

  it("[CAN1] does not depend on the order in which keys were made", () => {
    fc.assert(
      fc.property(jsons, (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
      seeded(300),
    );
  });

  it("[CAN1] takes a key for itself, whatever it means to JavaScript", () => {
    const registers = JSON.parse(`{"constructor":1,"__proto__":2}`) as Json;
    expect(canonicalJson(registers)).toBe(`{"__proto__":2,"constructor":1}`);
  });
});
