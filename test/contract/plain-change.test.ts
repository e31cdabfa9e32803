/**
 * What of Automerge's binary format the short cut around it (`crdt/plain-change.ts`) relies on. A new version of
 * Automerge has to pass this too: to the byte, or the same change would get another hash.
 */
import { decodeChange as decodeRaw, encodeChange } from "@automerge/automerge";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeOntoFirst, LiveDocument } from "../../crdt/automerge.ts";
import type { Scalar } from "../../crdt/document.ts";
import type { PlainChange, PlainWrite } from "../../crdt/plain-change.ts";
import { decodePlainChange } from "../../crdt/plain-change-decoder.ts";
import { encodePlainChange } from "../../crdt/plain-change-encoder.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { registrationWrites } from "../../crdt/player-intents.ts";
import { decodedByAutomerge, encodedByAutomerge, expectedOf, withOneZero } from "../support/plain-changes.ts";
import { actorOf } from "../support/replica.ts";

const ACTOR = actorOf(1);
const HEAD = { timeMs: 1_700_000_000_000, message: "018bcfe568000000 register key" };

function plain(writes: readonly PlainWrite[], head: Partial<PlainChange> = {}): PlainChange {
  return { actor: ACTOR, parent: PLAYER_FIRST_CHANGE.hash, startOp: 7, ...HEAD, ...head, writes };
}

function set(key: string, value: Scalar, object: number | null = null): PlainWrite {
  return { object, key, value };
}

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

const REGISTRATION = registrationWrites(
  {
    fields: {
      username: "ada",
      displayName: "Ada Łovelace",
      region: "eu",
      platform: "pc",
      metadata: { level: 7, clan: "Blue", ranked: true },
    },
    identity: { provider: "steam", subject: "7656119" },
  },
  { stamp: "018bcfe568000000", homeServer: "eu-1" },
);

/** The bytes of the registration above. */
const GOLDEN = [
  "856f4a8329ee812801be020196cfad5acd3a6d2b65067d700e65905d81005eefa81f0dd1f976cac9ad03df4f100101010101",
  "0101010101010101010101010780d095ffbc311d30313862636665353638303030303030207265676973746572206b657901",
  "10000000000000000000000000000000000801080208155b34014202560f5744700200027f010004030100027f0400040303",
  "76096372656174656441740a686f6d655365727665720d737465616d3a3736353631313908757365726e616d650b64697370",
  "6c61794e616d6506726567696f6e08706c6174666f726d056c6576656c04636c616e0672616e6b65640a0a017b64468602c6",
  "02d60102267d14460280d095ffbc3165752d3130313862636665353638303030303030303138626366653536383030303030",
  "302061646141646120c5816f76656c6163656575706307426c75650a00",
].join("");

const a = set("a", "x");
const b = set("b", "y");
const SHAPES: Record<string, PlainWrite[]> = {
  "no writes": [],
  "one write at the root": [a],
  "one write to a map": [set("a", "x", 3)],
  "two equal writes": [a, a],
  singles: [a, b, set("c", "z")],
  "a run after singles": [a, b, b],
  "a run before singles": [a, a, b, set("c", "z")],
  "runs side by side": [a, a, b, b],
  "a single between runs": [a, a, b, a, a],
  "the root before maps": [a, set("a", "x", 3), set("a", "x", 4)],
  "the root after maps": [set("a", "x", 3), set("a", "x", 4), a],
  "the root between maps": [set("a", "x", 3), a, a, set("a", "x", 3), a],
  "a map that is written to in turns": [set("a", "x", 3), set("a", "x", 5), set("a", "x", 3)],
  "values without bytes": [set("a", true), set("b", ""), set("c", false)],
  "equal lengths of unequal values": [set("a", "x"), set("b", "y"), set("c", 1), set("d", 2)],
  "empty keys": [set("", 1), set("", "")],
  "a run of 64, which takes a second byte": Array.from({ length: 64 }, () => a),
  "65 singles, which take a second byte": Array.from({ length: 65 }, (_, at) => set(`${at}`, at)),
};

const HEADS: Partial<PlainChange>[] = [
  { message: "" },
  { message: "x".repeat(127) },
  { message: "é".repeat(64) },
  { message: "\ufeffa\0\u2028😀" },
  { timeMs: 0 },
  { timeMs: -0 },
  { timeMs: -1 },
  { timeMs: 63 },
  { timeMs: 64 },
  { timeMs: -64 },
  { timeMs: -65 },
  { timeMs: Number.MAX_SAFE_INTEGER },
  { timeMs: Number.MIN_SAFE_INTEGER },
  { startOp: 128 },
  { startOp: 2 ** 31 - 2 },
  { actor: "f".repeat(32), parent: "0".repeat(64) },
];

describe("plain changes: bytes", () => {
  it("[CHG1] of a registration are what they have always been", () => {
    const made = encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: ACTOR }, REGISTRATION);
    expect(hexOf(made.bytes)).toBe(GOLDEN);
    expect(made.hash).toBe("29ee81282531a0fe0603fb20ea8a50e925877b3cfcc344ea2865a63d1c1ac493");
    const decoded = decodePlainChange(made.bytes);
    expect(decoded).toBeDefined();
    expect(hexOf(encodedByAutomerge(decoded as PlainChange))).toBe(GOLDEN);
  });

  it.each(Object.entries(SHAPES))("[CHG1] of %s are Automerge's", (_, writes) => {
    expect(hexOf(encodePlainChange(plain(writes))?.bytes)).toBe(hexOf(encodedByAutomerge(plain(writes))));
  });

  it.each(HEADS)("[CHG1] with %j are Automerge's, and read as Automerge reads them", (head) => {
    const change = plain([a, set("b", 1, 3)], head);
    const bytes = encodePlainChange(change)?.bytes ?? new Uint8Array();
    expect(hexOf(bytes)).toBe(hexOf(encodedByAutomerge(change)));
    expect(decodePlainChange(bytes)).toEqual(withOneZero(change));
    expect(decodedByAutomerge(bytes)).toEqual(expectedOf(withOneZero(change)));
  });

  it.each([0.5, -0.25, 0.1 + 0.2, 1e300, -1.0289709272927893e142, 5e-324, 2 ** 53, -(2 ** 53), 7, -0])(
    "[DOC2] of the number %d are those of a live document",
    (value) => {
      const live = LiveDocument.from(PLAYER_FIRST_CHANGE, ACTOR, []);
      const made = live.edit(HEAD, [{ map: "metadata", key: "k", value }]);
      live.free();
      expect(encodePlainChange(plain([set("k", value, 3)]))).toEqual(made);
    },
  );

  it("[CHG1] belong to the caller: no later change is written over them", () => {
    const one = encodePlainChange(plain([a]));
    const before = hexOf(one?.bytes);
    encodePlainChange(plain([b, b], { message: "another" }));
    expect(hexOf(one?.bytes)).toBe(before);
  });
});

describe("plain changes: what is none", () => {
  it.each<[string, PlainChange]>([
    ["NaN", plain([set("k", Number.NaN)])],
    ["infinity", plain([set("k", Number.NEGATIVE_INFINITY)])],
    ["half a surrogate pair as value", plain([set("k", "a\ud800")])],
    ["half a surrogate pair as key", plain([set("\udc00", 1)])],
    ["half a surrogate pair as message", plain([a], { message: "\ud83d" })],
    ["a time between milliseconds", plain([a], { timeMs: 0.5 })],
    ["a time beyond integers", plain([a], { timeMs: 2 ** 53 })],
    ["the actor of zeroes", plain([a], { actor: "0".repeat(32) })],
    ["an actor in capitals", plain([a], { actor: "AB".repeat(16) })],
    ["a short actor", plain([a], { actor: "ab" })],
    ["a short parent", plain([a], { parent: "ab" })],
    ["operations from 0", plain([a], { startOp: 0 })],
    ["operations beyond 32 bits", plain([a], { startOp: 2 ** 32 })],
    ["a map 0", plain([set("k", 1, 0)])],
    ["a map made by the change itself", plain([set("k", 1, 7)])],
  ])("[CHG1] %s is not encoded", (_, change) => {
    expect(encodePlainChange(change)).toBeUndefined();
  });

  it("[CHG1] is Automerge's to encode, and to refuse", () => {
    const capitals = { ...HEAD, actor: "AB".repeat(16) };
    const write = { map: "metadata", key: "k", value: 7 };
    const made = encodeOntoFirst(PLAYER_FIRST_CHANGE, capitals, [write]);
    const small = encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: "ab".repeat(16) }, [write]);
    expect(made).toEqual(small);
    expect(() =>
      encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: ACTOR }, [{ ...write, value: "\ud800" }]),
    ).toThrow("hex escape");
  });

  it("[CHG1] is Automerge's to decode", () => {
    const ops = [{ action: "set", obj: "_root", key: "k", value: 7, datatype: "uint", pred: [] }];
    const head = { actor: ACTOR, author: null, seq: 1, startOp: 7, time: 0, message: null };
    const bytes = encodeChange({ ...head, deps: [PLAYER_FIRST_CHANGE.hash], ops });
    const { hash } = decodeRaw(bytes);
    expect(decodePlainChange(bytes)).toBeUndefined();
    expect(decodeChange(bytes, hash)).toMatchObject({
      actor: ACTOR,
      sequence: 1,
      message: "",
      operations: ops,
    });
  });
});

/** A chunk as no encoder makes it: one write of `k` at the root, but for what a test does to it. */
interface Parts {
  readonly head: number[];
  readonly columns: Record<number, number[]>;
}

const [KEY, INSERT, ACTION, META, VALUE, PREDECESSORS] = [0x15, 0x34, 0x42, 0x56, 0x57, 0x70];
const OBJECT_ACTOR = 0x01;
const OBJECT_COUNTER = 0x02;
const TEXT_OF_ONE = 0x16;

const PARTS: Parts = {
  head: [1, ...Array(32).fill(7), 16, ...Array(16).fill(9), 1, 6, 0, 0, 0],
  columns: {
    [KEY]: [0x7f, 1, 0x6b],
    [INSERT]: [1],
    [ACTION]: [0x7f, 1],
    [META]: [0x7f, TEXT_OF_ONE],
    [VALUE]: [0x78],
    [PREDECESSORS]: [0x7f, 0],
  },
};

function chunkOf({ head, columns }: Parts, more: readonly number[] = []): Uint8Array {
  const entries = Object.entries(columns).map(([specification, bytes]) => ({ specification, bytes }));
  const table = entries.flatMap(({ specification, bytes }) => [Number(specification), bytes.length]);
  const contents = [...head, entries.length, ...table, ...entries.flatMap(({ bytes }) => bytes), ...more];
  const length =
    contents.length < 0x80 ? [contents.length] : [(contents.length & 0x7f) | 0x80, contents.length >> 7];
  return Uint8Array.from([0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, ...length, ...contents]);
}

function withColumns(columns: Record<number, number[]>): Uint8Array {
  return chunkOf({ ...PARTS, columns: { ...PARTS.columns, ...columns } });
}

/** 2^49 - 1 as a signed number, and as an unsigned one. */
const [HUGE, HUGE_UNSIGNED] = [
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];
/** -(2^49). */
const HUGE_NEGATIVE = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];

describe("plain changes: bytes that no encoder makes", () => {
  it("[CHG1] as long as nothing is done to them they are plain", () => {
    expect(decodePlainChange(chunkOf(PARTS))?.writes).toEqual([set("k", "x")]);
    expect(decodePlainChange(withColumns({}))).toEqual(decodePlainChange(chunkOf(PARTS)));
  });

  it.each<[string, Uint8Array]>([
    ["a single as a run of one", withColumns({ [KEY]: [1, 1, 0x6b] })],
    ["a run in two parts", withColumns({ [INSERT]: [2], [KEY]: [1, 1, 0x6b, 1, 1, 0x6b] })],
    ["a number longer than it needs to be", withColumns({ [META]: [0x7f, 0x80 | TEXT_OF_ONE, 0] })],
    ["another magic number", chunkOf(PARTS).with(0, 0)],
    ["another type of chunk", chunkOf(PARTS).with(8, 2)],
    ["an insertion", withColumns({ [INSERT]: [0, 1] })],
    ["another action", withColumns({ [ACTION]: [0x7f, 3] })],
    ["something overwritten", withColumns({ [PREDECESSORS]: [0x7f, 1] })],
    ["more actions than keys", withColumns({ [ACTION]: [2, 1] })],
    ["a value of an unknown type", withColumns({ [META]: [0x7f, 0x1a] })],
    ["a null value", withColumns({ [META]: [0x7f, 0], [VALUE]: [] })],
    ["an absent value", withColumns({ [META]: [0, 1], [VALUE]: [] })],
    ["an absent key", withColumns({ [KEY]: [0, 1] })],
    ["bytes after the last value", withColumns({ [VALUE]: [0x78, 0x78] })],
    ["a value longer than the column", withColumns({ [META]: [0x7f, 0x26] })],
    ["a true of one byte", withColumns({ [META]: [0x7f, 0x12] })],
    [
      "a whole number as a fraction",
      withColumns({ [META]: [0x7f, 0x85, 1], [VALUE]: [0, 0, 0, 0, 0, 0, 0x1c, 0x40] }),
    ],
    ["infinity", withColumns({ [META]: [0x7f, 0x85, 1], [VALUE]: [0, 0, 0, 0, 0, 0, 0xf0, 0x7f] })],
    ["half a character", withColumns({ [VALUE]: [0xc3] })],
    ["half a surrogate pair", withColumns({ [META]: [0x7f, 0x36], [VALUE]: [0xed, 0xa0, 0x80] })],
    [
      "an integer beyond 2^53",
      withColumns({
        [META]: [0x7f, 0x94, 1],
        [VALUE]: [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20],
      }),
    ],
    ["an empty column", withColumns({ [OBJECT_COUNTER]: [] })],
    ["a map without its actor", withColumns({ [OBJECT_COUNTER]: [0x7f, 3] })],
    ["a map of an unknown actor", withColumns({ [OBJECT_ACTOR]: [0x7f, 1], [OBJECT_COUNTER]: [0x7f, 3] })],
    ["an unknown column", withColumns({ 99: [0x7f, 1] })],
    ["a compressed column", withColumns({ [VALUE | 8]: [0x78] })],
    [
      "an actor that nothing refers to",
      chunkOf({ ...PARTS, head: [...PARTS.head.slice(0, -1), 1, 16, ...Array(16).fill(0)] }),
    ],
    ["another sequence", chunkOf({ ...PARTS, head: PARTS.head.with(50, 2) })],
    ["the actor of zeroes", chunkOf({ ...PARTS, head: PARTS.head.map((byte) => (byte === 9 ? 0 : byte)) })],
    ["bytes after the columns, as a newer Automerge may add", chunkOf(PARTS, [1])],
  ])("[CHG1] %s is not plain", (_, bytes) => {
    expect(decodePlainChange(bytes)).toBeUndefined();
  });

  it.each<[string, Uint8Array]>([
    ["keys", withColumns({ [KEY]: [...HUGE, 1, 0x6b] })],
    ["different keys", withColumns({ [KEY]: [...HUGE_NEGATIVE, 1, 0x6b] })],
    ["absent keys", withColumns({ [KEY]: [0, ...HUGE_UNSIGNED] })],
    ["values", withColumns({ [META]: [...HUGE, 1] })],
    ["objects", withColumns({ [OBJECT_COUNTER]: [...HUGE, 3] })],
    ["places at the root", withColumns({ [OBJECT_COUNTER]: [0, ...HUGE_UNSIGNED] })],
    ["bytes of a key", withColumns({ [KEY]: [0x7f, ...HUGE_UNSIGNED, 0x6b] })],
    ["columns", chunkOf({ head: [...PARTS.head, ...HUGE_UNSIGNED], columns: {} })],
    ["bytes of a message", chunkOf({ ...PARTS, head: [...PARTS.head.slice(0, -2), ...HUGE_UNSIGNED] })],
    ["other actors", chunkOf({ ...PARTS, head: [...PARTS.head.slice(0, -1), ...HUGE_UNSIGNED] })],
  ])("[CHG1] a claim of half a quadrillion %s costs nothing", (_, bytes) => {
    expect(decodePlainChange(bytes)).toBeUndefined();
  });

  it("[CHG1] more writes than bytes are not plain, and Automerge's to count and refuse", () => {
    const writes = Array.from({ length: 20_000 }, () => set("k", true));
    const made = encodePlainChange(plain(writes));
    expect(made?.bytes.length).toBeLessThan(200);
    expect(decodePlainChange(made?.bytes ?? new Uint8Array())).toBeUndefined();
    expect(() => decodeChange(made?.bytes ?? new Uint8Array(), made?.hash ?? "")).toThrow(
      expect.objectContaining({ reason: "too-many-operations" }) as Error,
    );
  });
});
