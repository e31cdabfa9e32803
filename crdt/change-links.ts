/**
 * Reads from a change onto what it was made and its message, and steps over its operations: a fiftieth of what
 * decoding it costs, so that the history of a document of many changes can be laid out and only what is shown be
 * decoded.
 *
 * A change begins alike in all forms (https://automerge.org/automerge-binary-format-spec, Change Chunk): magic
 * number, checksum, type and length of the chunk; parents, actor, sequence, first operation, time, message.
 */
import { ByteReader } from "./byte-reader.ts";
import { CHUNK_TYPE_AT, CHUNK_TYPE_CHANGE, type ChangeLinks, type EncodedChange } from "./change.ts";
import { UnacceptableChangeError } from "./errors.ts";

const HASH_BYTES = 32;

/** Of a change that was verified when it came. @throws UnacceptableChangeError when the bytes are no change. */
export function readLinks({ bytes }: EncodedChange): ChangeLinks {
  const reader = ByteReader.of(bytes);
  reader.skip(CHUNK_TYPE_AT);
  const type = reader.byte();
  reader.uleb();
  const parents: string[] = [];
  for (let missing = reader.uleb(); missing > 0 && !reader.hasFailed; missing--) {
    parents.push(reader.hex(HASH_BYTES));
  }
  reader.skip(reader.uleb());
  reader.uleb();
  reader.uleb();
  reader.leb();
  const message = reader.lengthAndText();
  if (reader.hasFailed || type !== CHUNK_TYPE_CHANGE) {
    throw new UnacceptableChangeError("undecodable", "the bytes do not begin as a change does");
  }
  return { parents, message };
}
