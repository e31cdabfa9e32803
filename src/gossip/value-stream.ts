/**
 * How the fields of a message are written: MessagePack values one after another, none of which holds others.
 *
 * Nothing nests, because a decoder makes room for an array before it has read it: three bytes can claim 64 Ki
 * elements, and a small frame of such claims within one another takes all memory there is. Reading one value at
 * a time, of a type that is expected, is bounded by the bytes that came. What is left unread at the end is what
 * a newer version says more.
 */
import { decodeMulti, encode } from "@msgpack/msgpack";
import { RollcallError } from "../../crdt/errors.ts";

export type Value = string | number | boolean | null | Uint8Array;

export class MalformedMessageError extends RollcallError {
  readonly code = "malformed-message";
}

/** Bytes of the longest text: 512 UTF-16 code units of an address. */
const TEXT_BYTES_MAX = 3 * 512;
const UUID_BYTES = 16;
const NOTHING_NESTED = { maxArrayLength: 0, maxMapLength: 0, maxExtLength: 0, maxStrLength: TEXT_BYTES_MAX };

/** As an array without its header: one pass, where encoding each value by itself takes twice as long. */
export function encodeValues(values: readonly Value[]): Uint8Array {
  const headerBytes = values.length < 16 ? 1 : values.length < 65_536 ? 3 : 5;
  return encode(values).subarray(headerBytes);
}

/** Every method reads one value. @throws MalformedMessageError when it is not what was expected. */
export class ValueReader {
  readonly #values: Iterator<unknown, unknown>;

  constructor(bytes: Uint8Array) {
    this.#values = decodeMulti(bytes, NOTHING_NESTED);
  }

  text(what: string, lengthMax: number): string {
    return toText(this.#next(what), what, lengthMax);
  }

  textOrNull(what: string, lengthMax: number): string | null {
    const value = this.#next(what);
    return value === null ? null : toText(value, what, lengthMax);
  }

  /** A whole number from `min` to `max`. */
  count(what: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.#next(what);
    require(Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max, what);
    return value as number;
  }

  finite(what: string): number {
    const value = this.#next(what);
    require(typeof value === "number" && Number.isFinite(value), what);
    return value;
  }

  boolean(what: string): boolean {
    const value = this.#next(what);
    require(typeof value === "boolean", what);
    return value;
  }

  bytes(what: string): Uint8Array {
    const value = this.#next(what);
    require(value instanceof Uint8Array, what);
    return value;
  }

  /** So many bytes, in hexadecimal. */
  hex(what: string, length: number): string {
    return toHex(this.bytes(what), what, length);
  }

  hexOrNull(what: string, length: number): string | null {
    const value = this.#next(what);
    if (value === null) return null;
    require(value instanceof Uint8Array, what);
    return toHex(value, what, length);
  }

  uuid(what: string): string {
    return toUuid(this.hex(what, UUID_BYTES));
  }

  uuidOrNull(what: string): string | null {
    const hex = this.hexOrNull(what, UUID_BYTES);
    return hex === null ? null : toUuid(hex);
  }

  #next(what: string): unknown {
    let next: IteratorResult<unknown, unknown>;
    try {
      next = this.#values.next();
    } catch (error) {
      throw new MalformedMessageError(`no plain MessagePack value where ${what} should be`, { cause: error });
    }
    require(!next.done, what);
    return next.value;
  }
}

/** As `hex` reads it. */
export function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}

/** As `uuid` reads it. */
export function fromUuid(uuid: string): Uint8Array {
  return fromHex(uuid.replaceAll("-", ""));
}

function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function toText(value: unknown, what: string, lengthMax: number): string {
  require(typeof value === "string" && value.length > 0 && value.length <= lengthMax, what);
  return value;
}

function toHex(value: Uint8Array, what: string, length: number): string {
  require(value.length === length, what);
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex");
}

function require(condition: unknown, what: string): asserts condition {
  if (!condition) throw new MalformedMessageError(`malformed ${what}`);
}
