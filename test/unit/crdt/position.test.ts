import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedTextError } from "../../../crdt/errors.ts";
import { formatPosition, parsePosition } from "../../../crdt/position.ts";
import { seeded } from "../../support/seeded.ts";

const ORIGIN = "0123456789abcdef0123456789abcdef";

describe("position", () => {
  it("[POS1] is written as origin and sequence", () => {
    expect(formatPosition({ origin: ORIGIN, sequence: 42 })).toBe(`${ORIGIN}:42`);
  });

  it("[POS1] comes out of its text as it went in", () => {
    fc.assert(
      fc.property(fc.nat(999_999_999_999_999), (sequence) => {
        const position = { origin: ORIGIN, sequence };
        expect(parsePosition(formatPosition(position))).toEqual(position);
      }),
      seeded(200),
    );
  });

  it.each([
    "",
    ORIGIN,
    `${ORIGIN}:`,
    `${ORIGIN}:01`,
    `${ORIGIN}:-1`,
    `${ORIGIN}:1.5`,
    `${ORIGIN}:1e3`,
    `${ORIGIN}: 1`,
    `${ORIGIN}:1\n`,
    `${ORIGIN}:1000000000000000`,
    `${ORIGIN.toUpperCase()}:1`,
    `${ORIGIN.slice(1)}:1`,
    `0${ORIGIN}:1`,
  ])("[POS1] %j is no position", (text) => {
    expect(() => parsePosition(text)).toThrow(MalformedTextError);
  });
});
