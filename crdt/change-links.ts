/**
 * Reads from a change who made it and onto what, and steps over its operations: a fiftieth of what decoding it
 * costs, so that the history of a document of many changes can be laid out and only what is shown be decoded.
 *
 * A change begins alike in all forms (https://automerge.org/automerge-binary-format-spec, Change Chunk): magic
 * number, checksum, type and length of the chunk; parents, actor, sequence, first operation, time, message.
 */
import { ByteReader } from "./byte-reader.ts";
import { CHUNK_TYPE_AT, CHUNK_TYPE_CHANGE, type EncodedChange, type LinkedChange } from "./change.ts";
import { UnacceptableChangeError } from "./errors.ts";

const HASH_BYTES = 32;

/** Of a change that was verified when it came. @throws UnacceptableChangeError when the bytes are no change. */
export function readLinks({ hash, bytes }: EncodedChange): LinkedChange {
  const reader = ByteReader.of(bytes);
  reader.part(CHUNK_TYPE_AT);
  const type = reader.byte();
  reader.uleb();
  const parents: string[] = [];
  for (let missing = reader.uleb(); missing > 0 && !reader.hasFailed; missing--) {
    parents.push(reader.hex(HASH_BYTES));
  }
  const actor = reader.hex(reader.uleb());
  const sequence = reader.uleb();
  reader.uleb();
  reader.leb();
  const message = reader.lengthAndText();
  if (reader.hasFailed || type !== CHUNK_TYPE_CHANGE) {
    throw new UnacceptableChangeError("undecodable", "the bytes do not begin as a change does");
  }
  return { hash, bytes, actor, sequence, parents, message };
}
