import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../crdt/errors.ts";
import { digestHex, emptyDigest, memberDigest, toggle } from "../../../crdt/set-digest.ts";
import { seeded } from "../../support/seeded.ts";

const members = fc.uniqueArray(fc.string(), { maxLength: 12 });

function digestOf(texts: readonly string[]): string {
  const digest = emptyDigest();
  for (const text of texts) toggle(digest, memberDigest(text));
  return digestHex(digest);
}

describe("set digest", () => {
  it("[DIG1] is zero for nothing, and the SHA-256 for one member", () => {
    expect(digestOf([])).toBe("00".repeat(32));
    expect(digestOf(["ada"])).toBe(createHash("sha256").update("ada").digest("hex"));
  });

  it("[DIG1] does not depend on the order of its members", () => {
    const shuffled = members.chain((texts) =>
      fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length })),
    );
    fc.assert(
      fc.property(shuffled, ([texts, other]) => {
        expect(digestOf(other)).toBe(digestOf(texts));
      }),
      seeded(200),
    );
  });

  it("[DIG1] is as if a member that left had never been in", () => {
    fc.assert(
      fc.property(members, fc.string(), (texts, other) => {
        expect(digestOf([other, ...texts, other])).toBe(digestOf(texts));
      }),
      seeded(200),
    );
  });

  it("[DIG1] differs between sets that differ", () => {
    fc.assert(
      fc.property(members, members, (a, b) => {
        const isEqual = [...a].sort().join("\0") === [...b].sort().join("\0") && a.length === b.length;
        expect(digestOf(a) === digestOf(b)).toBe(isEqual);
      }),
      seeded(200),
    );
  });

  it("[DIG1] takes members of 32 bytes alone", () => {
    expect(() => toggle(emptyDigest(), new Uint8Array(31))).toThrow(InvariantError);
  });
});
