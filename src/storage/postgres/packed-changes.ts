/**
 * The changes of an origin as one text: reading thousands of rows takes twice as long, most of it to tell them apart.
 * It is base64, as pg can read no bytes in binary form, and hexadecimal digits are half as long again.
 *
 * Of each change, one after the other: hash (32 bytes), sequence (8), length of its bytes (4), its bytes.
 */
import type { Origin } from "../../../crdt/position.ts";
import type { StoredChange } from "../log-store.ts";

const SEQUENCE_AT = 32;
const LENGTH_AT = 40;
const BYTES_AT = 44;

/** An aggregate over rows of the log. */
export const PACKED_CHANGES =
  "encode(string_agg(hash || int8send(sequence) || int4send(length(body)) || body, ''), 'base64')";

/** Their bytes are views of one buffer. */
export function unpackedChanges(origin: Origin, packed: string): StoredChange[] {
  const buffer = Buffer.from(packed, "base64");
  const changes: StoredChange[] = [];
  for (let at = 0; at < buffer.length; ) {
    const end = at + BYTES_AT + buffer.readUInt32BE(at + LENGTH_AT);
    changes.push({
      hash: buffer.toString("hex", at, at + SEQUENCE_AT),
      bytes: buffer.subarray(at + BYTES_AT, end),
      position: { origin, sequence: Number(buffer.readBigInt64BE(at + SEQUENCE_AT)) },
    });
    at = end;
  }
  return changes;
}
