/**
 * Writes simple types, one after another, into a buffer that grows and is used again after `clear`.
 *
 * Numbers are those of Automerge's binary format (https://automerge.org/automerge-binary-format-spec, Simple
 * types), and those of a network's byte order, the highest byte first. LEB128 takes seven bits of a number
 * a byte, the lowest first; the top bit of a byte says that more follow. Numbers are divided rather than shifted:
 * JavaScript shifts 32 bits, and these have up to 53.
 */
import { invariant } from "./errors.ts";

/** A registration takes some 400 bytes. */
const BYTES_AT_START = 4_096;
/** Up to here, copying characters one by one is faster than calling out of JavaScript. */
const SHORT_TEXT_LENGTH = 48;
const ASCII_MAX = 0x7f;
/** 53 bits, seven a byte. */
const LEB_BYTES_MAX = 8;
const FLOAT_BYTES = 8;

/** By the code of a hexadecimal digit, its value; of another character, `NO_DIGIT`. */
const NO_DIGIT = 0xff;
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 16; value++) {
  DIGITS[value.toString(16).charCodeAt(0)] = value;
  DIGITS[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
const HYPHEN = 0x2d;

export class ByteWriter {
  #buffer = Buffer.allocUnsafe(BYTES_AT_START);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** What was written since `clear`: a view, overwritten after the next one. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** An unsigned integer from 0 to 2^53 - 1. */
  uleb(value: number): void {
    this.#reserve(LEB_BYTES_MAX);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A signed integer from -(2^53 - 1) to 2^53 - 1. Bit 6 of its last byte is its sign. */
  leb(value: number): void {
    this.#reserve(LEB_BYTES_MAX);
    let rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      const higher = Math.floor(rest / 0x80);
      this.#buffer[this.#length++] = (rest - higher * 0x80) | 0x80;
      rest = higher;
    }
    this.#buffer[this.#length++] = rest & 0x7f;
  }

  /** IEEE 754, double precision, little-endian. */
  float64(value: number): void {
    this.#reserve(FLOAT_BYTES);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  /** UTF-8; the text must be well-formed. */
  text(text: string): void {
    if (this.#tryShortAscii(text, this.#length)) this.#length += text.length;
    else this.#anyText(text, Buffer.byteLength(text));
  }

  /** UTF-8 after its length in bytes; the text must be well-formed. */
  lengthAndText(text: string): void {
    if (this.#tryShortAscii(text, this.#length + 1)) {
      this.#buffer[this.#length] = text.length;
      this.#length += 1 + text.length;
    } else {
      const bytes = Buffer.byteLength(text);
      this.uleb(bytes);
      this.#anyText(text, bytes);
    }
  }

  /** Hexadecimal digits, two a byte; hyphens are passed over. Nothing else may be among them. */
  hex(digits: string): void {
    this.#reserve(digits.length / 2);
    let at = 0;
    while (at < digits.length) {
      const code = digits.charCodeAt(at);
      if (code === HYPHEN) {
        at++;
        continue;
      }
      const high = DIGITS[code] ?? NO_DIGIT;
      const low = DIGITS[digits.charCodeAt(at + 1)] ?? NO_DIGIT;
      invariant(high !== NO_DIGIT && low !== NO_DIGIT, "hexadecimal digits, two a byte");
      this.#buffer[this.#length++] = high * 16 + low;
      at += 2;
    }
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  /** 16 bits in network byte order, two's complement. */
  int16(value: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeInt16BE(value, this.#length);
  }

  /** 32 bits in network byte order, two's complement. */
  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  /** Writes it where something was written before. */
  int32At(at: number, value: number): void {
    this.#buffer.writeInt32BE(value, at);
  }

  /** 64 bits in network byte order, two's complement; a safe integer. */
  int64(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.int32(high);
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32BE(value - high * 2 ** 32, this.#length);
  }

  /** IEEE 754, double precision, in network byte order. */
  double(value: number): void {
    this.#reserve(FLOAT_BYTES);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  append(other: ByteWriter): void {
    this.#reserve(other.#length);
    other.#buffer.copy(this.#buffer, this.#length, 0, other.#length);
    this.#length += other.#length;
  }

  /** Copies a text to where it belongs if it is short and of ASCII alone: most are, and it is faster. */
  #tryShortAscii(text: string, start: number): boolean {
    if (text.length > SHORT_TEXT_LENGTH) return false;
    this.#reserve(start - this.#length + text.length);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > ASCII_MAX) return false;
      this.#buffer[start + at] = code;
    }
    return true;
  }

  #anyText(text: string, bytes: number): void {
    this.#reserve(bytes);
    this.#length += this.#buffer.write(text, this.#length, "utf8");
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
