/**
 * Reads what `byte-writer.ts` writes, from bytes that may hold anything.
 *
 * It never throws: what cannot be read leaves `hasFailed` set, for good, and whoever reads checks that before
 * believing any of it. No number that it reads makes it allocate or loop beyond its bytes.
 */

/** What a number of 53 bits takes, seven a byte. */
const LEB_BYTES_MAX = 8;
const FLOAT_BYTES = 8;

export class ByteReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #at: number;
  #hasFailed = false;

  /** The bytes from `start` on, up to and without `end`; both lie within the bytes. */
  private constructor(buffer: Buffer, start: number, end: number) {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
  }

  static of(bytes: Uint8Array): ByteReader {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return new ByteReader(buffer, 0, bytes.length);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  byte(): number {
    const at = this.#take(1);
    return this.#hasFailed ? 0 : (this.#buffer[at] as number);
  }

  /** From 0 to 2^53 - 1. */
  uleb(): number {
    let value = 0;
    let unit = 1;
    for (let count = 0; count < LEB_BYTES_MAX; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return this.#safe(value);
      unit *= 0x80;
    }
    return this.#fail();
  }

  /** From -(2^53 - 1) to 2^53 - 1. */
  leb(): number {
    let value = 0;
    let unit = 1;
    for (let count = 0; count < LEB_BYTES_MAX; count++) {
      const byte = this.byte();
      if (byte < 0x80) return this.#safe(value + (byte < 0x40 ? byte : byte - 0x80) * unit);
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
    }
    return this.#fail();
  }

  float64(): number {
    const at = this.#take(FLOAT_BYTES);
    return this.#hasFailed ? 0 : this.#buffer.readDoubleLE(at);
  }

  /** UTF-8 of so many bytes; what is none becomes U+FFFD. */
  text(bytes: number): string {
    const at = this.#take(bytes);
    return this.#hasFailed ? "" : this.#buffer.toString("utf8", at, at + bytes);
  }

  /** UTF-8 after its length in bytes. */
  lengthAndText(): string {
    return this.text(this.uleb());
  }

  /** So many bytes as lower-case hexadecimal digits. */
  hex(bytes: number): string {
    const at = this.#take(bytes);
    return this.#hasFailed ? "" : this.#buffer.toString("hex", at, at + bytes);
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  /** A reader of the next so many bytes, over which this one steps. */
  part(bytes: number): ByteReader {
    const at = this.#take(bytes);
    return new ByteReader(this.#buffer, at, this.#hasFailed ? at : at + bytes);
  }

  /** Steps over so many bytes and says where they begin, which is here if there are not that many. */
  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#end - at) this.#hasFailed = true;
    else this.#at += bytes;
    return at;
  }

  #safe(value: number): number {
    return Number.isSafeInteger(value) ? value : this.#fail();
  }

  #fail(): number {
    this.#hasFailed = true;
    return 0;
  }
}
