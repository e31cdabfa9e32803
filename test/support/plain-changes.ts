/** Plain changes as properties make them up, and what Automerge itself makes of them. */
import { decodeChange, encodeChange } from "@automerge/automerge";
import fc from "fast-check";
import type { Scalar } from "../../crdt/document.ts";
import type { PlainChange, PlainWrite } from "../../crdt/plain-change.ts";
import { anyKey, anyText } from "./player-arbitraries.ts";

const ZERO_ACTOR = "0".repeat(32);

function digits(count: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: count, maxLength: count });
}

/** Lengths at which the length of a length grows, and texts are copied in another way. */
const anyLongText = fc
  .tuple(
    fc.constantFrom("a", "é", "😀"),
    fc.constantFrom(47, 48, 49, 63, 64, 127, 128, 129, 1_023, 1_024, 9_000),
  )
  .map(([character, length]) => character.repeat(length));

const anyPlainText = fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: anyLongText });

/** Where an integer takes another byte, and the ends of the range. */
const INTEGERS = [63, 64, 8_191, 8_192, 2 ** 31, 2 ** 32, 2 ** 48, 2 ** 52, 2 ** 53 - 1];

const anyInteger: fc.Arbitrary<number> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -200, max: 200 }),
  fc
    .constantFrom(
      0,
      -0,
      ...INTEGERS,
      ...INTEGERS.map((value) => -value),
      ...INTEGERS.map((value) => -value - 1),
    )
    .map((value) => Math.max(value, Number.MIN_SAFE_INTEGER)),
);

/** Finite, and no integer that an integer could hold. */
const anyFraction: fc.Arbitrary<number> = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0.5, 0.1 + 0.2, 2 ** 53, -(2 ** 53), 1e300, 5e-324, Number.MAX_VALUE),
  )
  .filter((value) => !Number.isSafeInteger(value));

const anyObject = fc.constantFrom(null, 3, 4, 5);

/** Singles, runs, and singles between runs, for every column: of each write, some parts are those of the last. */
function anyWrites(value: fc.Arbitrary<Scalar>): fc.Arbitrary<PlainWrite[]> {
  const step = fc.record({
    fresh: fc.record({ object: anyObject, key: fc.oneof(anyKey, anyPlainText), value }),
    keeps: fc.record({ object: fc.boolean(), key: fc.boolean(), value: fc.boolean() }),
  });
  const steps = fc.oneof(
    { weight: 4, arbitrary: fc.array(step, { maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(step, { maxLength: 100, size: "max" }) },
  );
  return steps.map((taken) => {
    const writes: PlainWrite[] = [];
    for (const { fresh, keeps } of taken) {
      const last = writes.at(-1) ?? fresh;
      writes.push({
        object: keeps.object ? last.object : fresh.object,
        key: keeps.key ? last.key : fresh.key,
        value: keeps.value ? last.value : fresh.value,
      });
    }
    return writes;
  });
}

function anyChange(value: fc.Arbitrary<Scalar>): fc.Arbitrary<PlainChange> {
  return fc.record({
    actor: digits(32).filter((actor) => actor !== ZERO_ACTOR),
    parent: digits(64),
    startOp: fc.oneof(
      fc.constantFrom(6, 127, 128, 2 ** 31 - 100),
      fc.integer({ min: 6, max: 2 ** 31 - 100 }),
    ),
    timeMs: anyInteger,
    message: anyPlainText,
    writes: anyWrites(value),
  });
}

/** Without fractions: of these, Automerge's own `encodeChange` misses some by the last digit. */
export const anyWholeChange = anyChange(fc.oneof(anyPlainText, fc.boolean(), anyInteger));

export const anyPlainChange = anyChange(fc.oneof(anyPlainText, fc.boolean(), anyInteger, anyFraction));

/** Numbers as they come back: there is one zero. */
export function withOneZero(change: PlainChange): PlainChange {
  const writes = change.writes.map((write) => ({ ...write, value: write.value === 0 ? 0 : write.value }));
  return { ...change, timeMs: change.timeMs === 0 ? 0 : change.timeMs, writes };
}

export function encodedByAutomerge(change: PlainChange): Uint8Array {
  return encodeChange({ ...headOf(change), author: null, ops: change.writes.map(operationOf) });
}

/** What Automerge's decoder should say of a plain change. */
export function expectedOf(change: PlainChange): object {
  return {
    ...headOf(change),
    message: change.message === "" ? null : change.message,
    ops: change.writes.map(operationOf),
  };
}

/** What Automerge's decoder says, but for the hash. */
export function decodedByAutomerge(bytes: Uint8Array): object {
  const { hash: _, ...decoded } = decodeChange(bytes);
  return decoded;
}

function headOf({ actor, parent, startOp, timeMs, message }: PlainChange) {
  return { actor, seq: 1, startOp, time: timeMs, message, deps: [parent] };
}

function operationOf({ object, key, value }: PlainWrite) {
  const obj = object === null ? "_root" : `${object}@${ZERO_ACTOR}`;
  const operation = { action: "set", obj, key, value, pred: [] };
  if (typeof value !== "number") return operation;
  return { ...operation, datatype: Number.isSafeInteger(value) ? "int" : "float64" };
}
