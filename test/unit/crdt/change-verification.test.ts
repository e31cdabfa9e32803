/** What is refused of what comes from outside, and under which name. */
import { encodeChange } from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeOntoFirst, LiveDocument } from "../../../crdt/automerge.ts";
import { changeHash, type EncodedChange } from "../../../crdt/change.ts";
import { UnacceptableChangeError } from "../../../crdt/errors.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { actorOf } from "../../support/replica.ts";

const CHANGE = encodeOntoFirst(
  PLAYER_FIRST_CHANGE,
  { actor: actorOf(1), timeMs: 1_700_000_000_000, message: "018bcfe568000000 register key" },
  [
    { map: null, key: "region", value: "eu" },
    { map: "metadata", key: "level", value: 7 },
  ],
);

function reasonOf(attempt: () => unknown): string {
  try {
    attempt();
    return "accepted";
  } catch (error) {
    if (error instanceof UnacceptableChangeError) return error.reason;
    throw error;
  }
}

function withOperations(count: number): EncodedChange {
  const bytes = encodeChange({
    actor: actorOf(1),
    author: null,
    seq: 1,
    startOp: 6,
    time: 0,
    message: null,
    deps: [PLAYER_FIRST_CHANGE.hash],
    ops: Array.from({ length: count }, () => ({
      action: "set",
      obj: "_root",
      key: "k",
      value: "v",
      pred: [],
    })),
  });
  return { bytes, hash: changeHash(bytes) };
}

describe("verification of a change", () => {
  it("[CHG1] one that is whole is decoded", () => {
    expect(decodeChange(CHANGE.bytes, CHANGE.hash)).toMatchObject({
      hash: CHANGE.hash,
      actor: actorOf(1),
      sequence: 1,
      parents: [PLAYER_FIRST_CHANGE.hash],
      message: "018bcfe568000000 register key",
    });
  });

  it("[CHG1] one with any bit turned is refused", () => {
    const accepted: string[] = [];
    for (let at = 0; at < CHANGE.bytes.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const damaged = Uint8Array.from(CHANGE.bytes);
        damaged[at] = (damaged[at] as number) ^ bit;
        const reason = reasonOf(() => decodeChange(damaged, CHANGE.hash));
        if (reason === "accepted") accepted.push(`byte ${at}, bit ${bit}`);
      }
    }
    expect(accepted).toEqual([]);
  });

  it("[CHG1] one that is cut or has bytes after it is refused, also under a hash of its own", () => {
    for (let length = 0; length < CHANGE.bytes.length; length++) {
      const cut = CHANGE.bytes.subarray(0, length);
      expect(
        reasonOf(() => decodeChange(cut, CHANGE.hash)),
        `${length} bytes`,
      ).not.toBe("accepted");
      expect(
        reasonOf(() => decodeChange(cut, changeHash(cut))),
        `${length} bytes`,
      ).not.toBe("accepted");
    }
    const longer = Uint8Array.from([...CHANGE.bytes, 0]);
    expect(reasonOf(() => decodeChange(longer, changeHash(longer)))).not.toBe("accepted");
  });

  it("[UNK2] names what is no uncompressed change", () => {
    const compressed = Uint8Array.from(CHANGE.bytes);
    compressed[8] = 2;
    for (const bytes of [new Uint8Array(), new Uint8Array(11), new Uint8Array(200), compressed]) {
      expect(reasonOf(() => decodeChange(bytes, changeHash(bytes)))).toBe("not-a-change");
    }
  });

  it("[UNK2] names bytes that have not the hash they came with, or not its checksum", () => {
    expect(reasonOf(() => decodeChange(CHANGE.bytes, PLAYER_FIRST_CHANGE.hash))).toBe("hash-mismatch");
    expect(reasonOf(() => decodeChange(CHANGE.bytes, ""))).toBe("hash-mismatch");
    const otherChecksum = Uint8Array.from(CHANGE.bytes);
    otherChecksum[4] = (otherChecksum[4] as number) ^ 1;
    expect(reasonOf(() => decodeChange(otherChecksum, CHANGE.hash))).toBe("hash-mismatch");
  });

  it("[UNK2] names what Automerge cannot decode", () => {
    const garbled = Uint8Array.from(CHANGE.bytes);
    garbled.fill(0xff, 20);
    const hash = changeHash(garbled);
    garbled.set(Buffer.from(hash.slice(0, 8), "hex"), 4);
    expect(reasonOf(() => decodeChange(garbled, hash))).toBe("undecodable");
  });

  it("[CHG1] 1,000 operations are accepted, one more is not", () => {
    const most = withOperations(1_000);
    expect(decodeChange(most.bytes, most.hash).operations).toHaveLength(1_000);
    const more = withOperations(1_001);
    expect(reasonOf(() => decodeChange(more.bytes, more.hash))).toBe("too-many-operations");
  });

  it("[UNK2] names what can be decoded and not applied, and the next document is none the worse", () => {
    const raw = { actor: actorOf(1), author: null, startOp: 6, time: 0, message: null };
    const ops = [{ action: "set", obj: `77@${actorOf(1)}`, key: "k", value: "v", pred: [] }];
    const bytes = encodeChange({ ...raw, seq: 1, deps: [PLAYER_FIRST_CHANGE.hash], ops });
    const document = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(9), []);
    expect(reasonOf(() => document.apply([bytes]))).toBe("unappliable");
    document.free();
    const next = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(9), [CHANGE.bytes]);
    expect(next.state().root.region).toBe("eu");
    next.free();
  });
});
