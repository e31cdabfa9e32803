import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentIdOfKey, playerIdOfIdentity } from "../../../crdt/ids.ts";
import { seeded } from "../../support/seeded.ts";

const PLAYER = { provider: "steam", subject: "76561197960287930" };

/** Written from RFC 9562, 5.8, not with the code under test. */
function uuidOfVersion8(text: string): string {
  const hex = createHash("sha256").update(text, "utf8").digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) % 4) + 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const parts = fc.tuple(fc.string(), fc.string(), fc.string());

describe("ids", () => {
  it("[ID1] an identity has the id that it has had since the first version", () => {
    expect(playerIdOfIdentity("default", PLAYER)).toBe("71599ca1-63e9-809f-96af-2aca91be9798");
  });

  it("[ID1] an id is the SHA-256 of the realm, the provider and the subject, as a UUID of version 8", () => {
    fc.assert(
      fc.property(parts, ([realm, provider, subject]) => {
        const text = JSON.stringify(["rollcall identity v1", realm, provider, subject]);
        expect(playerIdOfIdentity(realm, { provider, subject })).toBe(uuidOfVersion8(text));
      }),
      seeded(200),
    );
  });

  it("[ID1] identities that look alike when their parts are run together have different ids", () => {
    const ids = [
      playerIdOfIdentity("a", { provider: "bc", subject: "d" }),
      playerIdOfIdentity("ab", { provider: "c", subject: "d" }),
      playerIdOfIdentity("a", { provider: "b", subject: "cd" }),
      playerIdOfIdentity("a", { provider: 'b","c', subject: "d" }),
      playerIdOfIdentity("a", { provider: "b", subject: 'c","d' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("[ID2] a key has the id that it has had since the first version", () => {
    expect(documentIdOfKey("default", "player", "order-1")).toBe("47190346-df9d-8317-bd1d-80e9a8ee7280");
  });

  it("[ID2] an id is the SHA-256 of the realm, the kind and the key, as a UUID of version 8", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (realm, key) => {
        const text = JSON.stringify(["rollcall key v1", realm, "player", key]);
        expect(documentIdOfKey(realm, "player", key)).toBe(uuidOfVersion8(text));
      }),
      seeded(200),
    );
  });

  it("[ID5] an identity and a key of the same words never have one id, nor that of a random one", () => {
    const ofIdentity = playerIdOfIdentity("default", { provider: "player", subject: "7" });
    const ofKey = documentIdOfKey("default", "player", "7");
    expect(ofIdentity).not.toBe(ofKey);
    for (const id of [ofIdentity, ofKey]) expect(id.charAt(14), "version").toBe("8");
  });
});
