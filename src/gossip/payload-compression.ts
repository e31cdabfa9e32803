/**
 * Makes the payload of a frame smaller where that pays, and bounds what it may grow to again.
 *
 * Invariant: expanding never allocates more than `PAYLOAD_BYTES_MAX`, whatever the bytes: a few kilobytes of
 * brotli can hold gigabytes. Only payloads with a verified MAC come here, but that is no proof of good sense.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** What a payload may be before compression: 4 MiB, four of the largest frames. */
export const PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;

/** Below this, compressing costs more (15 us) than the few hundred bytes saved are worth. */
const COMPRESS_FROM_BYTES = 1024;

/** 3 us a KB, to a fifth for typical entries; the next levels take several times as long for a tenth more. */
const BROTLI_QUALITY = 1;

/** Expanding costs the receivers about what compressing cost us, so it has to save at least this part. */
const PART_TO_SAVE = 1 / 8;

export type ExpandedPayload =
  | { readonly ok: true; readonly payload: Uint8Array }
  | { readonly ok: false; readonly reason: "too-large" | "compression" };

/** The compressed payload; null where it is better left as it is. */
export function compressPayload(payload: Uint8Array): Uint8Array | null {
  if (payload.length <= COMPRESS_FROM_BYTES) return null;
  const compressed = brotliCompressSync(payload, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: payload.length,
    },
  });
  return compressed.length <= payload.length * (1 - PART_TO_SAVE) ? compressed : null;
}

/** What `compressPayload` was given. Never throws. */
export function expandPayload(compressed: Uint8Array): ExpandedPayload {
  try {
    return { ok: true, payload: brotliDecompressSync(compressed, { maxOutputLength: PAYLOAD_BYTES_MAX }) };
  } catch (error) {
    const outgrown = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return { ok: false, reason: outgrown ? "too-large" : "compression" };
  }
}
