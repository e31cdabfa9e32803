/**
 * What servers say to one another, and how it is written: MessagePack arrays, smallest first.
 *
 * Decoding is the border: whatever arrives is either a message of these shapes or a `MalformedMessageError`.
 * A type of message that this version does not know is such an error, counted and dropped.
 */
import { decode, encode } from "@msgpack/msgpack";
import type { Entry } from "../../crdt/entry.ts";
import { RollcallError } from "../../crdt/errors.ts";
import { parseStamp, type Stamp } from "../../crdt/hybrid-clock.ts";
import type { Origin } from "../../crdt/position.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";

export type Message = Heartbeat | Announce | Want | Entries;

/** Said every second, and at once when asked by a `hello`. */
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly vector: VersionVector;
  readonly clock: Stamp;
  /** The sender's wall clock, milliseconds since 1970. */
  readonly wallMs: number;
  /** `leaving` is the last that a server says. */
  readonly state: "starting" | "serving" | "leaving";
  /** The sender wants to hear everybody's heartbeat now. */
  readonly hello: boolean;
}

/** Entries that the sender has just committed, of one origin and contiguous. */
export interface Announce {
  readonly type: "announce";
  readonly entries: readonly Entry[];
}

/** Asks for the entries of an origin from a sequence on. */
export interface Want {
  readonly type: "want";
  readonly request: number;
  readonly origin: Origin;
  readonly from: number;
}

/** Answers a `want`: one page, empty when the answering server has none of them. */
export interface Entries {
  readonly type: "entries";
  readonly request: number;
  readonly origin: Origin;
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** A message with the name of the server that says it. */
export interface Spoken {
  readonly server: string;
  readonly message: Message;
}

export class MalformedMessageError extends RollcallError {
  readonly code = "malformed-message";
}

const TYPE = { heartbeat: 1, announce: 2, want: 3, entries: 4 } as const;
const STATES = ["starting", "serving", "leaving"] as const;
const SERVER_NAME_MAX = 64;
const ENTRIES_MAX = 10_000;

export function encodeMessage({ server, message }: Spoken): Uint8Array {
  return encode([TYPE[message.type], server, ...encodeBody(message)]);
}

/** @throws MalformedMessageError */
export function decodeMessage(bytes: Uint8Array): Spoken {
  const [type, server, ...body] = asArray(decodeMessagePack(bytes));
  require(typeof server === "string" && server.length > 0 && server.length <= SERVER_NAME_MAX, "server name");
  return { server, message: decodeBody(type, body) };
}

function encodeBody(message: Message): unknown[] {
  switch (message.type) {
    case "heartbeat": {
      const { vector, clock, wallMs, state, hello } = message;
      const pairs = [...vector].map(([origin, sequence]) => [fromHex(origin), sequence]);
      return [pairs, clock, wallMs, STATES.indexOf(state), hello];
    }
    case "announce":
      return [encodeEntries(message.entries)];
    case "want":
      return [message.request, fromHex(message.origin), message.from];
    case "entries":
      return [message.request, fromHex(message.origin), message.from, encodeEntries(message.entries)];
  }
}

function decodeBody(type: unknown, body: readonly unknown[]): Message {
  switch (type) {
    case TYPE.heartbeat: {
      const [pairs, clock, wallMs, state, hello] = body;
      const known = STATES[asCount(state)];
      require(known !== undefined, "state");
      require(typeof clock === "string", "clock");
      require(typeof wallMs === "number" && Number.isFinite(wallMs), "wall clock");
      return {
        type: "heartbeat",
        vector: new Map(asArray(pairs).map(decodeVectorPair)),
        clock: parseStamp(clock),
        wallMs,
        state: known,
        hello: hello === true,
      };
    }
    case TYPE.announce:
      return { type: "announce", entries: decodeEntries(body[0]) };
    case TYPE.want:
      return {
        type: "want",
        request: asCount(body[0]),
        origin: asOrigin(body[1]),
        from: asSequence(body[2]),
      };
    case TYPE.entries:
      return {
        type: "entries",
        request: asCount(body[0]),
        origin: asOrigin(body[1]),
        from: asSequence(body[2]),
        entries: decodeEntries(body[3]),
      };
    default:
      throw new MalformedMessageError(`unknown type of message ${String(type)}`);
  }
}

/** The origin and first sequence once, then what differs: entries of a message are contiguous. */
function encodeEntries(entries: readonly Entry[]): unknown[] {
  const [first] = entries;
  if (!first) return [];
  return [
    fromHex(first.origin),
    first.sequence,
    entries.map(({ kind, version, documentId, hash, body }) => [
      kind,
      version,
      documentId === null ? null : fromHex(documentId.replaceAll("-", "")),
      hash === null ? null : fromHex(hash),
      body,
    ]),
  ];
}

function decodeEntries(value: unknown): Entry[] {
  const list = asArray(value);
  if (list.length === 0) return [];
  const origin = asOrigin(list[0]);
  const first = asSequence(list[1]);
  const items = asArray(list[2]);
  require(items.length <= ENTRIES_MAX, "number of entries");
  return items.map((item, index) => {
    const [kind, version, documentId, hash, body] = asArray(item);
    require(body instanceof Uint8Array, "body of an entry");
    return {
      origin,
      sequence: first + index,
      kind: asSmall(kind),
      version: asSmall(version),
      documentId: documentId === null ? null : asUuid(documentId),
      hash: hash === null ? null : asHex(hash, 32),
      body,
    };
  });
}

function decodeVectorPair(pair: unknown): [Origin, number] {
  const [origin, sequence] = asArray(pair);
  return [asOrigin(origin), asSequence(sequence)];
}

function decodeMessagePack(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    throw new MalformedMessageError("not MessagePack", { cause: error });
  }
}

function asArray(value: unknown): readonly unknown[] {
  require(Array.isArray(value), "array");
  return value;
}

function asCount(value: unknown): number {
  require(Number.isSafeInteger(value) && (value as number) >= 0, "count");
  return value as number;
}

function asSequence(value: unknown): number {
  const sequence = asCount(value);
  require(sequence > 0, "sequence");
  return sequence;
}

/** A kind or version: what a smallint column holds. */
function asSmall(value: unknown): number {
  const number = asCount(value);
  require(number <= 0x7fff, "kind or version");
  return number;
}

function asOrigin(value: unknown): Origin {
  return asHex(value, 16);
}

function asUuid(value: unknown): string {
  const hex = asHex(value, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function asHex(value: unknown, bytes: number): string {
  require(value instanceof Uint8Array && value.length === bytes, `${bytes} bytes`);
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex");
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}

function require(condition: unknown, what: string): asserts condition {
  if (!condition) throw new MalformedMessageError(`malformed ${what}`);
}
