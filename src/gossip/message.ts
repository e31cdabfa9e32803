/**
 * What servers say to one another, and how it is written (`value-stream.ts`): the type, the name of the server,
 * then the fields in the order given here, a list as the number of its items and the items.
 *
 * Decoding is the border: whatever arrives is either a message of these shapes or a `MalformedMessageError`.
 * A type of message that this version does not know is such an error, counted and dropped.
 */
import type { Entry } from "../../crdt/entry.ts";
import { MalformedTextError } from "../../crdt/errors.ts";
import { parseStamp, type Stamp } from "../../crdt/hybrid-clock.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import { SERVER_NAME } from "../../crdt/server-name.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { PresenceSign } from "./presence-board.ts";
import { readSigns, valuesOfSigns } from "./presence-values.ts";
import {
  encodeValues,
  fromHex,
  fromUuid,
  MalformedMessageError,
  type Value,
  ValueReader,
} from "./value-stream.ts";

export type Message = Heartbeat | Announce | Want | Entries | PresenceSigns | Inquiry | Holding;

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

/** Signs of presence that players gave to the sender (PRS1), at most a thousand. */
export interface PresenceSigns {
  readonly type: "presence";
  readonly signs: readonly PresenceSign[];
}

/** Asks to be told as soon as the receiver holds this, and of what it holds of the origin on the way (ACK2). */
export interface Inquiry extends Position {
  readonly type: "inquiry";
}

/** The sender holds the entries of an origin up to here: said to who inquired. */
export interface Holding extends Position {
  readonly type: "holding";
}

/** A message with the name of the server that says it. */
export interface Spoken {
  readonly server: string;
  readonly message: Message;
}

const TYPE = {
  heartbeat: 1,
  announce: 2,
  want: 3,
  entries: 4,
  presence: 5,
  inquiry: 6,
  holding: 7,
} as const;
const STATES = ["starting", "serving", "leaving"] as const;
const SERVER_NAME_MAX = 64;
const STAMP_LENGTH = 16;
const ORIGIN_BYTES = 16;
const HASH_BYTES = 32;
const ENTRIES_MAX = 10_000;
/** What a smallint column holds: kinds and versions of entries. */
const SMALL_MAX = 0x7fff;

export function encodeMessage(spoken: Spoken): Uint8Array {
  return encodeValues([...valuesOf(spoken)]);
}

/** @throws MalformedMessageError */
export function decodeMessage(bytes: Uint8Array): Spoken {
  const reader = new ValueReader(bytes);
  const type = reader.count("type of message");
  const server = reader.text("server name", SERVER_NAME_MAX);
  if (!SERVER_NAME.test(server)) throw new MalformedMessageError("malformed server name");
  return { server, message: readMessage(type, reader) };
}

function* valuesOf({ server, message }: Spoken): Iterable<Value> {
  yield TYPE[message.type];
  yield server;
  switch (message.type) {
    case "heartbeat":
      yield message.clock;
      yield message.wallMs;
      yield STATES.indexOf(message.state);
      yield message.hello;
      yield message.vector.size;
      for (const [origin, sequence] of message.vector) yield* [fromHex(origin), sequence];
      return;
    case "announce":
      yield* valuesOfEntries(message.entries);
      return;
    case "want":
      yield* [message.request, fromHex(message.origin), message.from];
      return;
    case "entries":
      yield* [message.request, fromHex(message.origin), message.from];
      yield* valuesOfEntries(message.entries);
      return;
    case "inquiry":
    case "holding":
      yield* [fromHex(message.origin), message.sequence];
      return;
    case "presence":
      yield* valuesOfSigns(message.signs);
  }
}

function readMessage(type: number, reader: ValueReader): Message {
  switch (type) {
    case TYPE.heartbeat: {
      const clock = readStamp(reader);
      const wallMs = reader.finite("wall clock");
      const state = STATES[reader.count("state", 0, STATES.length - 1)] ?? "starting";
      const hello = reader.boolean("hello");
      return { type: "heartbeat", vector: readVector(reader), clock, wallMs, state, hello };
    }
    case TYPE.announce:
      return { type: "announce", entries: readEntries(reader) };
    case TYPE.want:
      return { type: "want", ...readQuestion(reader) };
    case TYPE.entries:
      return { type: "entries", ...readQuestion(reader), entries: readEntries(reader) };
    case TYPE.presence:
      return { type: "presence", signs: readSigns(reader) };
    case TYPE.inquiry:
      return { type: "inquiry", origin: readOrigin(reader), sequence: readSequence(reader) };
    case TYPE.holding:
      return { type: "holding", origin: readOrigin(reader), sequence: readSequence(reader) };
    default:
      throw new MalformedMessageError(`unknown type of message ${type}`);
  }
}

/** The origin and first sequence once, then what differs: entries of a message are contiguous. */
function* valuesOfEntries(entries: readonly Entry[]): Iterable<Value> {
  yield entries.length;
  const [first] = entries;
  if (!first) return;
  yield* [fromHex(first.origin), first.sequence];
  for (const { kind, version, documentId, hash, body } of entries) {
    yield kind;
    yield version;
    yield documentId === null ? null : fromUuid(documentId);
    yield hash === null ? null : fromHex(hash);
    yield body;
  }
}

function readEntries(reader: ValueReader): Entry[] {
  const count = reader.count("number of entries", 0, ENTRIES_MAX);
  if (count === 0) return [];
  const origin = readOrigin(reader);
  const first = reader.count("first sequence", 1, Number.MAX_SAFE_INTEGER - count);
  return Array.from({ length: count }, (_, index) => {
    const kind = reader.count("kind of an entry", 0, SMALL_MAX);
    const version = reader.count("version of an entry", 0, SMALL_MAX);
    const documentId = reader.uuidOrNull("document of an entry");
    const hash = reader.hexOrNull("hash of an entry", HASH_BYTES);
    const body = reader.bytes("body of an entry");
    return { origin, sequence: first + index, kind, version, documentId, hash, body };
  });
}

function readVector(reader: ValueReader): VersionVector {
  const vector = new Map<Origin, number>();
  for (let left = reader.count("size of the vector"); left > 0; left--) {
    vector.set(readOrigin(reader), readSequence(reader));
  }
  return vector;
}

function readQuestion(reader: ValueReader): { request: number; origin: Origin; from: number } {
  return { request: reader.count("request"), origin: readOrigin(reader), from: readSequence(reader) };
}

function readStamp(reader: ValueReader): Stamp {
  try {
    return parseStamp(reader.text("clock", STAMP_LENGTH));
  } catch (error) {
    if (!(error instanceof MalformedTextError)) throw error;
    throw new MalformedMessageError("malformed clock", { cause: error });
  }
}

function readOrigin(reader: ValueReader): Origin {
  return reader.hex("origin", ORIGIN_BYTES);
}

function readSequence(reader: ValueReader): number {
  return reader.count("sequence", 1);
}
