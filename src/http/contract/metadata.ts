/** What a game keeps with a player or a match beside the fields that there are: values by key. */
import { z } from "zod";
import { METADATA_KEY_LENGTH_MAX, METADATA_KEYS_MAX, METADATA_TEXT_LENGTH_MAX } from "./limits.ts";
import { text } from "./text.ts";

const key = text(1, METADATA_KEY_LENGTH_MAX);
const scalar = z.union([text(0, METADATA_TEXT_LENGTH_MAX), z.number(), z.boolean()], {
  error: `must be a number, a boolean or a text of at most ${METADATA_TEXT_LENGTH_MAX} characters`,
});
const scalarOrNull = z.union([text(0, METADATA_TEXT_LENGTH_MAX), z.number(), z.boolean(), z.null()], {
  error: `must be null, a number, a boolean or a text of at most ${METADATA_TEXT_LENGTH_MAX} characters`,
});

function withinKeysMax(values: object): boolean {
  return Object.keys(values).length <= METADATA_KEYS_MAX;
}
const tooManyKeys = { error: `must have at most ${METADATA_KEYS_MAX} keys` };

export const newMetadata = z.record(key, scalar).refine(withinKeysMax, tooManyKeys);

/** A JSON merge patch: null unsets a key. */
export const metadataPatch = z.record(key, scalarOrNull).refine(withinKeysMax, tooManyKeys);

/** As answered. */
export const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
