/**
 * The golden test of the first change of matches. If it fails, matches of this version and of the one before no
 * longer merge: the code is wrong, not the constants.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeChange } from "../../../crdt/automerge.ts";
import { MATCH_FIRST_CHANGE } from "../../../crdt/match.ts";

const BYTES = [
  "856f4a83", // magic
  "e24f6d05", // checksum
  "016c", // an uncompressed change of 108 bytes
  "00", // no parents
  "1000000000000000000000000000000000", // the actor of zeroes
  "01010000", // sequence 1, first operation 1, time 0, no message
  "00", // no other actors
  "0615363401420456055706700279046b696e6406736368656d61086d657461646174610573656174730566616374",
  "73077265706f7274730b736574746c656d656e747307020105007e561405006d61746368010700",
].join("");
const HASH = "e24f6d05524c985e11379ea5cd8b274612ec7051ddd2023b8021291b89cab0e4";

describe("the first change of a match", () => {
  it("[ID3] has the same bytes for ever", () => {
    expect(Buffer.from(MATCH_FIRST_CHANGE.bytes).toString("hex")).toBe(BYTES);
  });

  it("[ID3] has the same hash for ever: the SHA-256 of its bytes from the eighth on", () => {
    expect(MATCH_FIRST_CHANGE.hash).toBe(HASH);
    expect(createHash("sha256").update(Buffer.from(BYTES, "hex").subarray(8)).digest("hex")).toBe(HASH);
  });

  it("[ID3] makes all maps, by the actor of zeroes, before anybody writes", () => {
    const { actor, sequence, parents, operations } = decodeChange(MATCH_FIRST_CHANGE.bytes, HASH);
    expect({ actor, sequence, parents }).toEqual({ actor: "0".repeat(32), sequence: 1, parents: [] });
    expect(operations.map(({ action, obj, key, value }) => [action, obj, key, value])).toEqual([
      ["set", "_root", "kind", "match"],
      ["set", "_root", "schema", 1],
      ["makeMap", "_root", "metadata", undefined],
      ["makeMap", "_root", "seats", undefined],
      ["makeMap", "_root", "facts", undefined],
      ["makeMap", "_root", "reports", undefined],
      ["makeMap", "_root", "settlements", undefined],
    ]);
  });
});
