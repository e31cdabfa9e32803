import { describe, expect, it } from "vitest";
import type { Scalar } from "../../crdt/document.ts";
import type { Player } from "../../crdt/player.ts";
import { MetadataFullError } from "../../src/registry/errors.ts";
import { requireMetadataRoom } from "../../src/registry/metadata-limit.ts";

function playerWith(keys: number): Player {
  return {
    id: "0190f3c2-0000-7000-8000-000000000000",
    username: null,
    displayName: null,
    region: null,
    platform: null,
    usernameClaim: null,
    bans: [],
    mergedWith: [],
    metadata: Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i])),
    identities: [],
    createdAtMs: 0,
    homeServer: "eu-1",
  };
}

function set(key: string, value: Scalar | null) {
  return { map: "metadata", key, value };
}

describe("requireMetadataRoom", () => {
  it("takes 64 keys, and no 65th", () => {
    const writes = [set("one", 1)];
    expect(requireMetadataRoom(playerWith(63), writes)).toBe(writes);
    expect(() => requireMetadataRoom(playerWith(64), writes)).toThrow(MetadataFullError);
  });

  it("lets a player that merging made too full be edited, as long as it does not grow", () => {
    const tooFull = playerWith(70);
    for (const writes of [[set("k1", "x")], [set("k1", null)], [set("k1", null), set("one", 1)]]) {
      expect(requireMetadataRoom(tooFull, writes)).toBe(writes);
    }
    expect(() => requireMetadataRoom(tooFull, [set("k1", "x"), set("one", 1)])).toThrow(MetadataFullError);
    const other = [{ map: null, key: "region", value: "eu" }];
    expect(requireMetadataRoom(tooFull, other)).toBe(other);
  });
});
