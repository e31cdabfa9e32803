import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../crdt/entry.ts";
import { SERVER_NAME } from "../../../crdt/server-name.ts";
import { decodeMessage, encodeMessage, type Message, type Spoken } from "../../../src/gossip/message.ts";
import { MalformedMessageError } from "../../../src/gossip/value-stream.ts";
import { entriesOf, originOf } from "../../support/log-fixtures.ts";

function hexOf(bytes: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((digits) => Buffer.from(digits).toString("hex"));
}

const origin = hexOf(16);
const sequence = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 2 ** 52 }));
const small = fc.integer({ min: 0, max: 0x7fff });
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const entries: fc.Arbitrary<Entry[]> = fc
  .record({
    origin,
    first: sequence,
    rest: fc.array(
      fc.record({
        kind: small,
        version: small,
        documentId: fc.option(fc.uuid({ version: [4, 7] })),
        hash: fc.option(hexOf(32)),
        body: fc.uint8Array({ maxLength: 300 }),
      }),
      { maxLength: 8 },
    ),
  })
  .map((run) =>
    run.rest.map((entry, index) => ({ origin: run.origin, sequence: run.first + index, ...entry })),
  );

const uuid = fc.uuid({ version: [7, 8] });
const sign = fc.record({
  playerId: uuid,
  matchId: fc.option(uuid),
  address: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
  leftMs: count,
});

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant("heartbeat" as const),
    vector: fc.array(fc.tuple(origin, sequence), { maxLength: 20 }).map((pairs) => new Map(pairs)),
    clock: hexOf(8),
    wallMs: fc.oneof(
      count,
      fc.double({ noDefaultInfinity: true, noNaN: true }).map((ms) => ms + 0),
    ),
    state: fc.constantFrom("starting" as const, "serving" as const, "leaving" as const),
    hello: fc.boolean(),
  }),
  fc.record({ type: fc.constantFrom("inquiry" as const, "holding" as const), origin, sequence }),
  fc.record({ type: fc.constant("announce" as const), entries }),
  fc.record({ type: fc.constant("want" as const), request: count, origin, from: sequence }),
  fc.record({ type: fc.constant("entries" as const), request: count, origin, from: sequence, entries }),
  fc.record({ type: fc.constant("presence" as const), signs: fc.array(sign, { maxLength: 8 }) }),
);

const spoken: fc.Arbitrary<Spoken> = fc.record({
  server: fc.stringMatching(SERVER_NAME),
  message,
});

/** Decodes, or fails with the one error that is caught at the border. */
function decodesOrIsMalformed(bytes: Uint8Array): boolean {
  try {
    decodeMessage(bytes);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessageError);
    return false;
  }
}

const HASH = Buffer.alloc(32);
const ORIGIN = Buffer.alloc(16, 1);
const BODY = Buffer.of(1);
const UUID = Buffer.alloc(16, 2);
const STAMP = "019ab33c5e7f0000";

/** Values one after another, as they are on the wire. */
function wire(...values: unknown[]): Uint8Array {
  return Buffer.concat(values.map((value) => encode(value)));
}

/** An announcement of so many entries. */
function announcement(count: number, first: unknown = 1): unknown[] {
  const entries = Array.from({ length: count }, () => [2, 1, null, HASH, BODY]);
  return [2, "eu-1", count, ORIGIN, first, ...entries.flat()];
}

/** So many signs of presence, of which the first values are given. */
function presence(count: number, ...first: unknown[]): unknown[] {
  const sign = [UUID, null, null, 1];
  const signs = Array.from({ length: count }, () => sign).flat();
  return [5, "eu-1", count, ...first, ...signs.slice(first.length)];
}

/** Objects that do not turn into text or numbers by themselves. */
const TRAPS: readonly unknown[] = [{ toString: 1, valueOf: 1 }, { length: 3 }, [{}], new Date(0), []];

describe("a message", () => {
  it("comes out as it went in", () => {
    fc.assert(
      fc.property(spoken, (said) => {
        expect(decodeMessage(encodeMessage(said))).toEqual(said);
      }),
      { numRuns: 500 },
    );
  });

  it("comes out as it went in from a view into a larger buffer", () => {
    const said: Spoken = { server: "eu-1", message: { type: "announce", entries: entriesOf(3) } };
    const bytes = encodeMessage(said);
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    const { message: decoded } = decodeMessage(larger.subarray(7, 7 + bytes.length));
    const plain = (list: readonly Entry[]) => list.map((entry) => ({ ...entry, body: [...entry.body] }));
    expect(decoded.type === "announce" && plain(decoded.entries)).toEqual(plain(entriesOf(3)));
  });

  it("that is cut anywhere is malformed", () => {
    fc.assert(
      fc.property(spoken, (said) => {
        const bytes = encodeMessage(said);
        for (let length = 0; length < bytes.length; length++) {
          expect(decodesOrIsMalformed(bytes.subarray(0, length)), `the first ${length} bytes`).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("that goes on says more than this version knows, which is not read", () => {
    fc.assert(
      fc.property(spoken, fc.uint8Array({ minLength: 1, maxLength: 20 }), (said, more) => {
        const bytes = Uint8Array.from([...encodeMessage(said), ...more]);
        expect(decodeMessage(bytes)).toEqual(said);
      }),
    );
  });

  it("altered in any byte decodes to something of the right shape, or is malformed", () => {
    fc.assert(
      fc.property(spoken, fc.nat(), fc.integer({ min: 1, max: 255 }), (said, at, difference) => {
        const bytes = Uint8Array.from(encodeMessage(said));
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ difference;
        if (decodesOrIsMalformed(bytes)) encodeMessage(decodeMessage(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("of any bytes at all is malformed, whatever lengths they claim", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodesOrIsMalformed(bytes)),
      {
        numRuns: 2_000,
      },
    );
    for (const claim of [
      [0xdd, 0xff, 0xff, 0xff, 0xff],
      [0xdd, 0x01, 0xff, 0xff, 0xff],
      [0xdf, 0xff, 0xff, 0xff, 0xff],
      [0xdb, 0xff, 0xff, 0xff, 0xff],
      [0xc6, 0xff, 0xff, 0xff, 0xff],
      [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
    ]) {
      expect(decodesOrIsMalformed(Uint8Array.from(claim))).toBe(false);
      const nested = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(claim)));
      expect(decodesOrIsMalformed(nested)).toBe(false);
    }
  });

  it("of any MessagePack value in any place is malformed or of the right shape", () => {
    const value = fc.anything({ withTypedArray: true, withNullPrototype: true, maxDepth: 3 });
    const shaped = fc.tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.oneof(fc.constant("eu-1"), value),
      value,
      value,
    );
    fc.assert(
      fc.property(fc.oneof(shaped, fc.array(value)), (values) => {
        let bytes: Uint8Array;
        try {
          bytes = wire(...values);
        } catch {
          return; // nothing that MessagePack can say
        }
        decodesOrIsMalformed(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, unknown[]]>([
    ["nothing in it", []],
    ["no server", [3, "", 1, ORIGIN, 1]],
    ["a server whose name would break a header", [3, "eu\r\n1", 1, ORIGIN, 1]],
    ["a server whose name no header can hold", [3, "\u{1f600}", 1, ORIGIN, 1]],
    ["a name of 65 characters", [3, "x".repeat(65), 1, ORIGIN, 1]],
    ["a name that is no text", [3, 7, 1, ORIGIN, 1]],
    ["an unknown type", [6, "eu-1", 1, ORIGIN, 1]],
    ["no type", [null, "eu-1", 1, ORIGIN, 1]],
    ...TRAPS.map((trap): [string, unknown[]] => [`${JSON.stringify(trap)} for a type`, [trap, "eu-1"]]),
    ...TRAPS.map((trap): [string, unknown[]] => [`${JSON.stringify(trap)} for a number`, [3, "eu-1", trap]]),
    ["all in one array", [[3, "eu-1", 1, ORIGIN, 1]]],
    ["a sequence of zero", [3, "eu-1", 1, ORIGIN, 0]],
    ["a negative sequence", [3, "eu-1", 1, ORIGIN, -1]],
    ["a sequence beyond 2^53", [3, "eu-1", 1, ORIGIN, 2 ** 53]],
    ["a fraction for a sequence", [3, "eu-1", 1, ORIGIN, 1.5]],
    ["a negative request", [3, "eu-1", -1, ORIGIN, 1]],
    ["an origin of 15 bytes", [3, "eu-1", 1, Buffer.alloc(15), 1]],
    ["an origin that is text", [3, "eu-1", 1, originOf(1), 1]],
    ["no fields", [3, "eu-1"]],
    ["an unknown state", [1, "eu-1", STAMP, 0, 3, false, 0]],
    ["a stamp of 15 digits", [1, "eu-1", STAMP.slice(1), 0, 0, false, 0]],
    ["a stamp of other letters", [1, "eu-1", STAMP.toUpperCase(), 0, 0, false, 0]],
    ["no stamp", [1, "eu-1", null, 0, 0, false, 0]],
    ["a wall clock that is no number", [1, "eu-1", STAMP, Number.NaN, 0, false, 0]],
    ["a wall clock that never ends", [1, "eu-1", STAMP, Number.POSITIVE_INFINITY, 0, false, 0]],
    ["a hello that is neither true nor false", [1, "eu-1", STAMP, 0, 0, 1, 0]],
    ["a vector that is an array", [1, "eu-1", STAMP, 0, 0, false, [[ORIGIN, 1]]]],
    ["a vector of half a pair", [1, "eu-1", STAMP, 0, 0, false, 1, ORIGIN]],
    ["a vector that claims more than it has", [1, "eu-1", STAMP, 0, 0, false, 2 ** 52, ORIGIN, 1]],
    ["more entries than a page can have", announcement(10_001)],
    ["entries without a first sequence", announcement(1, null)],
    ["entries that reach beyond 2^53", announcement(2, Number.MAX_SAFE_INTEGER)],
    ["an entry without a body", [2, "eu-1", 1, ORIGIN, 1, 2, 1, null, HASH, null]],
    ["an entry whose body is text", [2, "eu-1", 1, ORIGIN, 1, 2, 1, null, HASH, "body"]],
    ["an entry with a hash of 31 bytes", [2, "eu-1", 1, ORIGIN, 1, 2, 1, null, Buffer.alloc(31), BODY]],
    ["an entry with an id of 17 bytes", [2, "eu-1", 1, ORIGIN, 1, 2, 1, Buffer.alloc(17), HASH, BODY]],
    ["a kind that no column holds", [2, "eu-1", 1, ORIGIN, 1, 32_768, 1, null, HASH, BODY]],
    ["a version that no column holds", [2, "eu-1", 1, ORIGIN, 1, 2, -1, null, HASH, BODY]],
    ["more signs than a message can have", presence(1_001)],
    ["fewer signs than it claims", [5, "eu-1", 2, UUID, null, null, 1]],
    ["a sign without a player", presence(1, null)],
    ["a sign of a player whose id is text", presence(1, "00000000-0000-8000-8000-000000000001")],
    ["a sign of a player with an id of 15 bytes", presence(1, Buffer.alloc(15))],
    ["a sign in a match with an id of 17 bytes", presence(1, UUID, Buffer.alloc(17))],
    ["a sign with an address of 513 characters", presence(1, UUID, null, "x".repeat(513))],
    ["a sign with an address that is empty", presence(1, UUID, null, "")],
    ["a sign with an address that is no text", presence(1, UUID, null, 7)],
    ["a sign with a lease that is over for long", presence(1, UUID, null, null, -1)],
    ["a sign with a lease that never ends", presence(1, UUID, null, null, Number.POSITIVE_INFINITY)],
  ])("with %s is malformed", (_, values) => {
    expect(() => decodeMessage(wire(...values))).toThrow(MalformedMessageError);
  });

  it("has room for the longest name and the fullest page", () => {
    const [type, , ...rest] = announcement(10_000);
    const { server, message: decoded } = decodeMessage(wire(type, "n".repeat(63), ...rest));
    expect(server).toHaveLength(63);
    expect(decoded.type === "announce" && decoded.entries.length).toBe(10_000);
  });

  it("[PRS1] has room for a thousand signs and the longest address, whatever is in it", () => {
    const address = "\u{20ac}".repeat(512);
    const decoded = decodeMessage(wire(...presence(1_000, UUID, UUID, address))).message;
    const signs = decoded.type === "presence" ? decoded.signs : [];
    expect(signs).toHaveLength(1_000);
    const id = "02020202-0202-0202-0202-020202020202";
    expect(signs[0]).toEqual({ playerId: id, matchId: id, address, leftMs: 1 });
    expect(signs[999]).toEqual({ playerId: id, matchId: null, address: null, leftMs: 1 });
  });
});
