import { encodeChange } from "@automerge/automerge";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeChange } from "../../../crdt/automerge.ts";
import { changeHash } from "../../../crdt/change.ts";
import { readLinks } from "../../../crdt/change-links.ts";
import { UnacceptableChangeError } from "../../../crdt/errors.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { newAuthor } from "../../support/author.ts";

const S1 = "0000000000010000";
const hexadecimal = (digits: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((text) => !/^0*$/.test(text));

describe("the links of a change", () => {
  it("[CHG1] are those that Automerge decodes, of any change that it encodes", () => {
    const head = fc.record({
      actor: hexadecimal(32),
      seq: fc.integer({ min: 1, max: 1_000_000 }),
      startOp: fc.integer({ min: 1, max: 1_000_000 }),
      time: fc.integer({ min: -1_000, max: 2_000_000_000_000 }),
      message: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 })),
      deps: fc.uniqueArray(hexadecimal(64), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(head, ({ deps, ...rest }) => {
        const ops = [{ action: "set", obj: "_root", key: "region", value: "eu", pred: [] }];
        const bytes = encodeChange({ ...rest, author: null, deps: deps.sort(), ops });
        const hash = changeHash(bytes);
        const { parents, message } = decodeChange(bytes, hash);
        expect(readLinks({ hash, bytes })).toEqual({ parents, message });
      }),
    );
  });

  it("[CHG1] are read of the first change of a kind, and of an edit that joins two sides", () => {
    const one = newAuthor(1);
    const base = one.write(S1, { region: "eu" });
    const other = newAuthor(2, one);
    const [left, right] = [one.write(S1, { region: "us" }), other.write(S1, { region: "asia" })];
    one.hear(other);
    const joined = one.write(S1, { platform: "pc" });
    expect(readLinks(joined).parents).toEqual([left.hash, right.hash].sort());
    expect(readLinks(base).parents).toEqual([PLAYER_FIRST_CHANGE.hash]);
    expect(readLinks(PLAYER_FIRST_CHANGE)).toEqual({ parents: [], message: "" });
  });

  it("[CHG1] are refused of bytes that end before them, or are no change", () => {
    const { hash, bytes } = newAuthor(1).write(S1, { region: "eu" });
    for (let length = 0; length < 80; length++) {
      expect(() => readLinks({ hash, bytes: bytes.subarray(0, length) })).toThrow(UnacceptableChangeError);
    }
    const other = Uint8Array.from(bytes);
    other[8] = 2;
    expect(() => readLinks({ hash, bytes: other })).toThrow(UnacceptableChangeError);
  });
});
