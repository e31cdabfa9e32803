/**
 * What a new version of Automerge has to pass: the behaviour, much of it undocumented, on which
 * `crdt/automerge.ts` relies. A failure here is a reason not to upgrade, or a line to change there.
 */
import { createHash } from "node:crypto";
import { decodeChange as decodeRaw, encodeChange, load } from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import {
  decodeChange,
  encodeFirstChange,
  encodeOntoFirst,
  fitsOntoFirst,
  LiveDocument,
} from "../../crdt/automerge.ts";
import { type ChangeHead, changeHash, type EncodedChange } from "../../crdt/change.ts";
import type { Scalar, Write } from "../../crdt/document.ts";
import { UnacceptableChangeError } from "../../crdt/errors.ts";
import { contentOf } from "../support/document-content.ts";
import { actorOf } from "../support/replica.ts";

const FIRST = encodeFirstChange({ kind: "thing", schema: 1, maps: ["one", "two"] });
const HEAD: Omit<ChangeHead, "actor"> = { timeMs: 1_700_000_000_000, message: "note" };
const [ME, PEER, OTHER] = [actorOf(1), actorOf(2), actorOf(3)];
/** The object of the first map: the third operation of the actor of zeroes. */
const MAP = `3@${"0".repeat(32)}`;

function registered(actor: string, writes: readonly Write[]): EncodedChange {
  return encodeOntoFirst(FIRST, { ...HEAD, actor }, writes);
}

function set(key: string, value: Scalar | null, map: string | null = null): Write {
  return { map, key, value };
}

/** Gives the document to `use`, and frees it. */
function withDocument<T>(
  changes: readonly EncodedChange[],
  use: (document: LiveDocument) => T,
  actor = ME,
): T {
  const document = LiveDocument.from(
    FIRST,
    actor,
    changes.map(({ bytes }) => bytes),
  );
  try {
    return use(document);
  } finally {
    document.free();
  }
}

function stateOf(changes: readonly EncodedChange[]): { root: object; one: object; two: object } {
  return withDocument(changes, (document) => {
    const { root, maps } = document.state();
    return { root: { ...root }, one: { ...maps.one }, two: { ...maps.two } };
  });
}

/** A change onto the first one with any operations, as a newer or faulty server could make it. */
function raw(
  ops: readonly object[],
  head: { readonly seq?: number; readonly actor?: string } = {},
): EncodedChange {
  const change = { actor: PEER, author: null, seq: 1, startOp: 5, time: 0, message: null, ...head };
  const bytes = encodeChange({ ...change, deps: [FIRST.hash], ops } as Parameters<typeof encodeChange>[0]);
  return { bytes, hash: changeHash(bytes) };
}

describe("Automerge: bytes of a change", () => {
  it.each([1, 255, 256, 257, 10_240, 100_000])(
    "[CHG1] a text of %i bytes is in an uncompressed chunk",
    (length) => {
      const writes = [set("text", "x".repeat(length))];
      const edit = withDocument([], (document) => document.edit(HEAD, writes));
      for (const { bytes } of [edit, registered(ME, writes)]) {
        expect(bytes[8], "chunk type").toBe(1);
        expect(bytes.length).toBeGreaterThan(length);
      }
    },
  );

  it("[CHG1] many small writes are in an uncompressed chunk", () => {
    const writes = Array.from({ length: 900 }, (_, index) => set(`key ${index}`, "the same value", "one"));
    const edit = withDocument([], (document) => document.edit(HEAD, writes));
    expect([edit.bytes[8], registered(ME, writes).bytes[8]]).toEqual([1, 1]);
  });

  it("[CHG1] its hash is the SHA-256 from byte 8 on, and its checksum the first four bytes of that", () => {
    const edit = withDocument([], (document) => {
      const made = document.edit(HEAD, [set("a", "b")]);
      expect(document.heads()).toEqual([made.hash]);
      return made;
    });
    for (const { bytes, hash } of [edit, registered(ME, [set("a", 1)]), FIRST]) {
      expect(createHash("sha256").update(bytes.subarray(8)).digest("hex")).toBe(hash);
      expect(Buffer.from(bytes.subarray(4, 8)).toString("hex")).toBe(hash.slice(0, 8));
      expect(decodeRaw(bytes).hash).toBe(hash);
    }
  });

  it("[CHG1] any byte changed in any way is refused", () => {
    const { bytes, hash } = registered(ME, [set("a", "b"), set("level", 7, "one")]);
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at++) {
      for (let difference = 1; difference < 256; difference += 18) {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] as number) ^ difference;
        try {
          decodeChange(damaged, hash);
          accepted.push(`byte ${at} by ${difference}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UnacceptableChangeError);
        }
      }
    }
    expect(accepted).toEqual([]);
  });

  it("[CHG1] a change of many operations is decoded, counted and refused", () => {
    const write = { action: "set", obj: "_root", key: "k", value: true, pred: [] };
    const { bytes, hash } = raw(Array.from({ length: 20_000 }, () => write));
    expect(bytes.length, "as small as that").toBeLessThan(200);
    expect(() => decodeChange(bytes, hash)).toThrow(
      expect.objectContaining({ reason: "too-many-operations" }) as Error,
    );
  });

  it("[HIS1] actor, sequence, parents, message and operations come out as they went in", () => {
    const registration = registered(ME, [set("a", "b"), set("level", 7, "one")]);
    const decoded = decodeChange(registration.bytes, registration.hash);
    expect(decoded).toMatchObject({ actor: ME, sequence: 1, parents: [FIRST.hash], message: "note" });
    expect(decoded.operations).toMatchObject([
      { action: "set", obj: "_root", key: "a", value: "b", pred: [] },
      { action: "set", obj: MAP, key: "level", value: 7, datatype: "int", pred: [] },
    ]);
  });
});

describe("Automerge: merging", () => {
  it("[ID3] registrations encoded without a document merge by field, in either order", () => {
    const mine = registered(ME, [set("a", "mine"), set("x", 1, "one")]);
    const theirs = registered(PEER, [set("b", "theirs"), set("y", 2, "one"), set("z", true, "two")]);
    const expected = {
      root: { kind: "thing", schema: 1, a: "mine", b: "theirs" },
      one: { x: 1, y: 2 },
      two: { z: true },
    };
    expect(stateOf([mine, theirs])).toEqual(expected);
    expect(stateOf([theirs, mine])).toEqual(expected);
  });

  it("[PLY1] of concurrent values of one field the same one wins, in either order", () => {
    const mine = registered(ME, [set("a", "mine")]);
    const theirs = registered(PEER, [set("a", "theirs")]);
    expect(stateOf([mine, theirs]).root).toMatchObject({ a: "theirs" });
    expect(stateOf([theirs, mine])).toEqual(stateOf([mine, theirs]));
  });

  it("[PLY1] an edit does not delete what it has not seen set", () => {
    const mine = registered(ME, [set("a", "old")]);
    const deletion = withDocument([mine], (document) => document.edit(HEAD, [set("a", null)]));
    const again = withDocument([mine], (document) => document.edit(HEAD, [set("a", "new")]), PEER);
    expect(stateOf([mine, deletion]).root).not.toHaveProperty("a");
    expect(stateOf([mine, deletion, again]).root).toMatchObject({ a: "new" });
    expect(stateOf([mine, again, deletion]).root).toMatchObject({ a: "new" });
  });

  it("[DOC3] a change whose parents are missing waits, outside the heads, and applies when they come", () => {
    const mine = registered(ME, [set("a", "1")]);
    const [second, third] = withDocument([mine], (document) => [
      document.edit(HEAD, [set("a", "2")]),
      document.edit(HEAD, [set("a", "3")]),
    ]);
    withDocument(
      [],
      (document) => {
        document.apply([third.bytes]);
        expect(document.heads()).toEqual([FIRST.hash]);
        expect(document.applied(third.hash)).toBe(false);
        document.apply([mine.bytes]);
        expect(document.heads()).toEqual([mine.hash]);
        expect(document.state().root.a).toBe("1");
        expect(document.applied(third.hash)).toBe(false);
        document.apply([second.bytes]);
        expect(document.applied(third.hash)).toBe(true);
        expect(document.heads()).toEqual([third.hash]);
        expect(document.state().root.a).toBe("3");
      },
      PEER,
    );
  });

  it("[DOC3] an edit made while changes wait follows what has taken effect alone", () => {
    const mine = registered(ME, [set("a", "1")]);
    const second = withDocument([mine], (document) => document.edit(HEAD, [set("a", "2")]));
    const edit = withDocument([second], (document) => document.edit(HEAD, [set("b", "x")]), PEER);
    expect(decodeChange(edit.bytes, edit.hash).parents).toEqual([FIRST.hash]);
    expect(stateOf([edit, second, mine]).root).toMatchObject({ a: "2", b: "x" });
  });

  it("[DOC1] a change applied again does no harm", () => {
    const mine = registered(ME, [set("a", "1")]);
    withDocument(
      [mine, mine],
      (document) => {
        const before = [document.heads(), contentOf(document.state())];
        document.apply([mine.bytes]);
        document.apply([FIRST.bytes, mine.bytes]);
        expect([document.heads(), contentOf(document.state())]).toEqual(before);
      },
      PEER,
    );
  });

  it("[ID4] a clone edits as the actor it was given, from that actor's next sequence", () => {
    const mine = registered(ME, [set("a", "1")]);
    const numbers = [ME, OTHER].map((actor) => {
      const edit = withDocument([mine], (document) => document.edit(HEAD, [set("a", "2")]), actor);
      const decoded = decodeChange(edit.bytes, edit.hash);
      return [decoded.actor, decoded.sequence];
    });
    expect(numbers).toEqual([
      [ME, 2],
      [OTHER, 1],
    ]);
  });

  it("[ID4] documents made of the same first change are independent of each other", () => {
    withDocument([], (one) => {
      withDocument([], (other) => {
        one.edit(HEAD, [set("a", "1")]);
        expect(other.heads()).toEqual([FIRST.hash]);
        expect(other.state().root).not.toHaveProperty("a");
      });
    });
  });

  it("[DOC5] an edit gives the new change alone, whatever was made or applied before", () => {
    const theirs = registered(PEER, [set("b", "theirs")]);
    withDocument([], (document) => {
      const first = document.edit(HEAD, [set("a", "1"), set("x", 1, "one")]);
      document.apply([theirs.bytes]);
      const second = document.edit(HEAD, [set("a", "2")]);
      const decoded = decodeChange(second.bytes, second.hash);
      expect(decoded.operations.map(({ key, value }) => [key, value])).toEqual([["a", "2"]]);
      expect(decoded.sequence).toBe(2);
      expect([...decoded.parents].sort()).toEqual([first.hash, theirs.hash].sort());
      expect(document.heads()).toEqual([second.hash]);
    });
  });

  it("[DOC1] a document survives being saved and loaded", () => {
    const mine = registered(ME, [set("a", "1"), set("x", 1, "one")]);
    const saved = withDocument([mine], (document) => document.save());
    expect(JSON.parse(JSON.stringify(load(saved)))).toMatchObject({ a: "1", one: { x: 1 }, two: {} });
  });
});

describe("Automerge: values", () => {
  const whole = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 1 - 2 ** 53];
  const fractions = [
    0.5,
    -0.25,
    0.1 + 0.2,
    1e300,
    -1.0289709272927893e142,
    5e-324,
    2 ** 53,
    Number.MAX_VALUE,
  ];
  const others = [true, false, "", "text", "Zoë 😀", "a\0b", "\u2028", "1@00"];

  it.each([...whole, ...fractions, ...others])("[DOC2] %j is the same after an edit", (value) => {
    const edit = withDocument([], (document) => {
      const made = document.edit(HEAD, [set("v", value, "one")]);
      expect(document.state().maps.one?.v).toBe(value);
      return made;
    });
    expect(stateOf([edit]).one).toEqual({ v: value });
    expect(decodeChange(edit.bytes, edit.hash).operations[0]?.value).toBe(value);
  });

  it.each([...whole, ...others])("[DOC2] %j is the same when encoded without a document", (value) => {
    const change = registered(ME, [set("v", value, "one")]);
    expect(stateOf([change]).one).toEqual({ v: value });
    expect(decodeChange(change.bytes, change.hash).operations[0]?.value).toBe(value);
  });

  it("[DOC2] a fraction is not encoded without a document: `encodeChange` misses some by the last digit", () => {
    expect(whole.every((value) => fitsOntoFirst([set("v", value)]))).toBe(true);
    expect(fractions.some((value) => fitsOntoFirst([set("v", value)]))).toBe(false);
    const value = -1.0289709272927893e142;
    const { bytes } = raw([{ action: "set", obj: "_root", key: "v", value, datatype: "float64", pred: [] }]);
    // Once this fails, `fitsOntoFirst` can go.
    expect(decodeRaw(bytes).ops[0]?.value).not.toBe(value);
  });

  it("[DOC2] there is one zero", () => {
    const edit = withDocument([], (document) => document.edit(HEAD, [set("v", -0, "one")]));
    expect(stateOf([edit]).one).toEqual({ v: 0 });
    expect(stateOf([registered(ME, [set("v", -0, "one")])]).one).toEqual({ v: 0 });
  });

  it("[PLY2] a text is one scalar operation", () => {
    const edit = withDocument([], (document) => document.edit(HEAD, [set("v", "twenty-one letters it")]));
    for (const { bytes, hash } of [edit, registered(ME, [set("v", "twenty-one letters it")])]) {
      const { operations } = decodeChange(bytes, hash);
      expect(operations).toMatchObject([{ action: "set", key: "v", value: "twenty-one letters it" }]);
    }
  });

  it("[UNK1] counters, timestamps, nulls, texts of letters and nested objects are not read as values", () => {
    const { hash, bytes } = raw([
      { action: "set", obj: MAP, key: "counter", value: 5, datatype: "counter", pred: [] },
      { action: "set", obj: MAP, key: "timestamp", value: 5, datatype: "timestamp", pred: [] },
      { action: "set", obj: MAP, key: "null", value: null, pred: [] },
      { action: "makeText", obj: MAP, key: "text", pred: [] },
      { action: "makeMap", obj: MAP, key: "map", pred: [] },
      { action: "makeList", obj: MAP, key: "list", pred: [] },
      { action: "set", obj: MAP, key: "uint", value: 5, datatype: "uint", pred: [] },
    ]);
    expect(stateOf([{ hash, bytes }]).one).toEqual({ uint: 5 });
  });

  it("[STO1] `__proto__` from a remote change is a key like others, and changes no prototype", () => {
    const { hash, bytes } = raw([
      { action: "set", obj: "_root", key: "__proto__", value: "root", pred: [] },
      { action: "set", obj: MAP, key: "__proto__", value: "map", pred: [] },
      { action: "set", obj: MAP, key: "constructor", value: "mine", pred: [] },
      { action: "makeMap", obj: `4@${"0".repeat(32)}`, key: "__proto__", pred: [] },
      { action: "set", obj: `8@${PEER}`, key: "polluted", value: true, pred: [] },
      { action: "set", obj: MAP, key: "level", value: 7, datatype: "int", pred: [] },
    ]);
    withDocument([{ hash, bytes }], (document) => {
      const { root, maps } = document.state();
      for (const registers of [root, maps.one, maps.two]) {
        expect(Object.getPrototypeOf(registers)).toBeNull();
        expect(registers).not.toHaveProperty("polluted");
      }
      expect(Object.keys(root).sort()).toEqual(["__proto__", "kind", "schema"]);
      expect(Object.entries(maps.one ?? {}).sort()).toEqual([
        ["__proto__", "map"],
        ["constructor", "mine"],
        ["level", 7],
      ]);
      expect(maps.two).toEqual({});
      const edit = document.edit(HEAD, [set("level", 8, "one")]);
      expect(stateOf([{ hash, bytes }, edit]).one).toMatchObject({ level: 8, constructor: "mine" });
    });
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("Automerge: what it refuses", () => {
  const unknownObject = { action: "set", obj: `77@${PEER}`, key: "k", value: "v", pred: [] };
  const plain = { action: "set", obj: "_root", key: "k", value: "v", pred: [] };

  it.each([
    ["writes into an object that does not exist", raw([unknownObject])],
    ["skips a sequence", raw([plain], { seq: 2 })],
    ["has the actor and sequence of the first change", raw([plain], { actor: "0".repeat(32) })],
  ])("[UNK2] a change that %s is refused, and the next document is none the worse", (_, { bytes }) => {
    withDocument([], (document) => {
      expect(() => document.apply([bytes])).toThrow(UnacceptableChangeError);
    });
    expect(stateOf([registered(ME, [set("a", "1")])]).root).toMatchObject({ a: "1" });
  });
});
