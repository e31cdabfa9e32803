/**
 * The golden test of the first change. If it fails, players of this version and of the one before no longer
 * merge: the code is wrong, not the constants.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeOntoFirst, LiveDocument } from "../../../crdt/automerge.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { actorOf } from "../../support/replica.ts";

const BYTES = [
  "856f4a83", // magic
  "96cfad5a", // checksum
  "0164", // an uncompressed change of 100 bytes
  "00", // no parents
  "1000000000000000000000000000000000", // the actor of zeroes
  "01010000", // sequence 1, first operation 1, time 0, no message
  "00", // no other actors
  "06152d340142045605570770027a046b696e6406736368656d61086d657461646174610a6964656e746974696573",
  "0462616e73066d657267657306020104007e66140400706c61796572010600",
].join("");
const HASH = "96cfad5acd3a6d2b65067d700e65905d81005eefa81f0dd1f976cac9ad03df4f";

describe("the first change of a player", () => {
  it("[ID3] has the same bytes for ever", () => {
    expect(Buffer.from(PLAYER_FIRST_CHANGE.bytes).toString("hex")).toBe(BYTES);
  });

  it("[ID3] has the same hash for ever: the SHA-256 of its bytes from the eighth on", () => {
    expect(PLAYER_FIRST_CHANGE.hash).toBe(HASH);
    expect(createHash("sha256").update(Buffer.from(BYTES, "hex").subarray(8)).digest("hex")).toBe(HASH);
  });

  it("[ID3] makes all maps, by the actor of zeroes, before anybody writes", () => {
    const { actor, sequence, parents, operations } = decodeChange(PLAYER_FIRST_CHANGE.bytes, HASH);
    expect({ actor, sequence, parents }).toEqual({ actor: "0".repeat(32), sequence: 1, parents: [] });
    expect(operations.map(({ action, obj, key, value }) => [action, obj, key, value])).toEqual([
      ["set", "_root", "kind", "player"],
      ["set", "_root", "schema", 1],
      ["makeMap", "_root", "metadata", undefined],
      ["makeMap", "_root", "identities", undefined],
      ["makeMap", "_root", "bans", undefined],
      ["makeMap", "_root", "merges", undefined],
    ]);
  });

  it("[ID3] lets servers that never met write into the same maps", () => {
    const changes = [1, 2].map((number) =>
      encodeOntoFirst(PLAYER_FIRST_CHANGE, { actor: actorOf(number), timeMs: 0, message: "" }, [
        { map: "metadata", key: `from ${number}`, value: true },
      ]),
    );
    const document = LiveDocument.from(
      PLAYER_FIRST_CHANGE,
      actorOf(3),
      changes.map(({ bytes }) => bytes),
    );
    expect({ ...document.state().maps.metadata }).toEqual({ "from 1": true, "from 2": true });
    document.free();
  });
});
