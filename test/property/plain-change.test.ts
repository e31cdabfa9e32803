/**
 * The short cut around Automerge gives what Automerge gives: the same bytes of every plain change, and of any bytes
 * whatsoever either what Automerge reads there, or nothing.
 */
import { encodeChange } from "@automerge/automerge";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeHash } from "../../crdt/change.ts";
import type { PlainChange } from "../../crdt/plain-change.ts";
import { decodePlainChange } from "../../crdt/plain-change-decoder.ts";
import { encodePlainChange } from "../../crdt/plain-change-encoder.ts";
import {
  anyPlainChange,
  anyWholeChange,
  decodedByAutomerge,
  encodedByAutomerge,
  expectedOf,
  withOneZero,
} from "../support/plain-changes.ts";
import { actorOf } from "../support/replica.ts";
import { seeded } from "../support/seeded.ts";

const SLOW_MACHINE_MS = 60_000;

function encoded(change: PlainChange): Uint8Array {
  const { bytes } = encodePlainChange(change) ?? {};
  expect(bytes, "it is plain").toBeDefined();
  return bytes as Uint8Array;
}

function hexOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString("hex");
}

/** Whether the decoder took the bytes; it must then have read in them what Automerge reads. */
function isReadAlike(bytes: Uint8Array): boolean {
  const change = decodePlainChange(bytes);
  if (change) expect(expectedOf(change)).toEqual(decodedByAutomerge(bytes));
  return change !== undefined;
}

/** A chunk with the right length in its header, so that what is damaged inside is not noticed at the door. */
function chunkOf(contents: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = contents.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  const header = Uint8Array.from([0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, ...length]);
  return Buffer.concat([header, contents]);
}

function contentsOf(bytes: Uint8Array): Uint8Array {
  let at = 9;
  while ((bytes[at] as number) >= 0x80) at++;
  return bytes.subarray(at + 1);
}

describe("plain changes", { timeout: SLOW_MACHINE_MS }, () => {
  it("[CHG1] are encoded to the bytes that Automerge gives them, under their hash", () => {
    fc.assert(
      fc.property(anyWholeChange, (change) => {
        const { bytes, hash } = encodePlainChange(change) ?? {};
        expect(hexOf(bytes)).toBe(hexOf(encodedByAutomerge(change)));
        expect(hash).toBe(changeHash(bytes as Uint8Array));
      }),
      seeded(2_000),
    );
  });

  it("[CHG1] are read by Automerge as they were meant, fractions to the last digit", () => {
    fc.assert(
      fc.property(anyPlainChange, (change) => {
        expect(decodedByAutomerge(encoded(change))).toEqual(expectedOf(withOneZero(change)));
      }),
      seeded(500),
    );
  });

  it("[CHG1] come out of the decoder as they went in, unless they have more writes than bytes", () => {
    fc.assert(
      fc.property(anyPlainChange, (change) => {
        const bytes = encoded(change);
        expect(decodePlainChange(bytes)).toEqual(
          change.writes.length > bytes.length ? undefined : withOneZero(change),
        );
      }),
      seeded(2_000),
    );
  });

  it("[CHG1] with bytes changed, lost or added read as Automerge reads them, or not at all", () => {
    const where = fc.nat(9_999).map((tenThousandths) => tenThousandths / 10_000);
    const damage = fc.oneof(
      fc.record({ at: where, lost: fc.constant(1), added: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
      fc.record({ at: where, lost: fc.nat(3), added: fc.uint8Array({ maxLength: 3 }) }),
    );
    const counts = { alike: 0, refused: 0 };
    fc.assert(
      fc.property(anyWholeChange, fc.array(damage, { minLength: 1, maxLength: 2 }), (change, damages) => {
        let contents = [...contentsOf(encoded(change))];
        for (const { at, lost, added } of damages) {
          contents = contents.toSpliced(Math.floor(at * contents.length), lost, ...added);
        }
        const bytes = chunkOf(Uint8Array.from(contents));
        counts[isReadAlike(bytes) ? "alike" : "refused"]++;
      }),
      seeded(3_000),
    );
    expect(counts.alike, "some, where a text or a number has changed").toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });

  it("[CHG1] with any byte changed to any other read as Automerge reads them, or not at all", () => {
    const change: PlainChange = {
      actor: actorOf(1),
      parent: "ab".repeat(32),
      startOp: 6,
      timeMs: 1_700_000_000_000,
      message: "é",
      writes: [
        { object: null, key: "a", value: "é" },
        { object: null, key: "b", value: "é" },
        { object: 3, key: "b", value: 64 },
        { object: 4, key: "c", value: 0.5 },
        { object: 3, key: "c", value: true },
      ],
    };
    const contents = contentsOf(encoded(change));
    let alike = 0;
    for (let at = 0; at < contents.length; at++) {
      for (let byte = 0; byte < 0x100; byte++) {
        const changed = Uint8Array.from(contents);
        changed[at] = byte;
        if (isReadAlike(chunkOf(changed))) alike++;
      }
    }
    expect(alike).toBeGreaterThan(1_000);
  });

  it("[CHG1] when cut, or followed by anything, are refused", () => {
    fc.assert(
      fc.property(
        anyWholeChange,
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.nat(),
        (change, more, cut) => {
          const bytes = encoded(change);
          const contents = contentsOf(bytes);
          const length = cut % bytes.length;
          expect(decodePlainChange(bytes.subarray(0, length))).toBeUndefined();
          expect(decodePlainChange(chunkOf(contents.subarray(0, cut % contents.length)))).toBeUndefined();
          expect(decodePlainChange(Uint8Array.from([...bytes, ...more]))).toBeUndefined();
          expect(decodePlainChange(chunkOf(Uint8Array.from([...contents, ...more])))).toBeUndefined();
        },
      ),
      seeded(500),
    );
  });

  it("[CHG1] are not found in bytes of any kind", () => {
    const parent = [1, ...new Array<number>(32).fill(7), 16, ...new Array<number>(16).fill(9), 1, 6, 0, 0];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodePlainChange(bytes)).toBeUndefined();
        isReadAlike(chunkOf(bytes));
        isReadAlike(chunkOf(Uint8Array.from([...parent, ...bytes])));
      }),
      seeded(5_000),
    );
  });

  it("[UNK1] what a newer or faulty server might send is read as Automerge reads it, or not at all", () => {
    const counts = { alike: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 4 }), anyHead, (ops, head) => {
        const change = { author: null, time: 0, ...head, ops } as Parameters<typeof encodeChange>[0];
        counts[isReadAlike(encodeChange(change)) ? "alike" : "refused"]++;
      }),
      seeded(3_000),
    );
    expect(counts.alike, "some are plain").toBeGreaterThan(100);
    expect(counts.refused, "most are not").toBeGreaterThan(1_000);
  });
});

const ZERO_ACTOR = "0".repeat(32);
const set = fc.constant({ action: "set", pred: [] });

function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const place = fc.record({
  obj: mostly("_root", `3@${ZERO_ACTOR}`, `3@${actorOf(1)}`, `77@${ZERO_ACTOR}`),
  key: fc.constantFrom("a", "b", ""),
  pred: mostly<string[]>([], [`1@${ZERO_ACTOR}`], [`1@${actorOf(2)}`]),
});
const plainValue = fc.constantFrom({ value: "x" }, { value: true }, { value: 7, datatype: "int" });
const oddValue = fc.constantFrom(
  { value: null },
  { value: 7, datatype: "uint" },
  { value: 7, datatype: "float64" },
  { value: 7, datatype: "counter" },
  { value: 7, datatype: "timestamp" },
);
const oddAction = fc.constantFrom(
  { action: "makeMap" },
  { action: "makeList" },
  { action: "makeText" },
  { action: "del" },
  { action: "inc", value: 1 },
);

const anyOperation = fc
  .tuple(
    set,
    place,
    fc.oneof(
      { weight: 12, arbitrary: plainValue },
      { weight: 2, arbitrary: oddValue },
      { weight: 1, arbitrary: oddAction },
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const anyHead = fc.record({
  actor: mostly(actorOf(1), ZERO_ACTOR, "ab", "ab".repeat(17)),
  seq: mostly(1, 2, 0),
  startOp: mostly(6, 1, 2 ** 31),
  message: mostly<string | null>("note", null, ""),
  deps: mostly<string[]>(["ab".repeat(32)], [], ["ab".repeat(32), "cd".repeat(32)]),
});
