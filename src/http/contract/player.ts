/** Players as requests and answers have them. */
import { z } from "zod";
import {
  CURSOR_LENGTH_MAX,
  DISPLAY_NAME_LENGTH_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_KEYS_MAX,
  METADATA_TEXT_LENGTH_MAX,
  PAGE_ITEMS_DEFAULT,
  PAGE_ITEMS_MAX,
  PROVIDER_LENGTH_MAX,
  SUBJECT_LENGTH_MAX,
  USERNAME_LENGTH_MAX,
} from "./limits.ts";
import { label, text, time, uuid, visibleName } from "./text.ts";

const username = visibleName(USERNAME_LENGTH_MAX);
const displayName = visibleName(DISPLAY_NAME_LENGTH_MAX);

const metadataKey = text(1, METADATA_KEY_LENGTH_MAX);
const scalar = z.union([text(0, METADATA_TEXT_LENGTH_MAX), z.number(), z.boolean()], {
  error: `must be a number, a boolean or a text of at most ${METADATA_TEXT_LENGTH_MAX} characters`,
});
const scalarOrNull = z.union([text(0, METADATA_TEXT_LENGTH_MAX), z.number(), z.boolean(), z.null()], {
  error: `must be null, a number, a boolean or a text of at most ${METADATA_TEXT_LENGTH_MAX} characters`,
});

function withinKeysMax(metadata: object): boolean {
  return Object.keys(metadata).length <= METADATA_KEYS_MAX;
}
const tooManyKeys = { error: `must have at most ${METADATA_KEYS_MAX} keys` };

const identity = z
  .strictObject({
    provider: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]*$/, {
        error: "must have lower-case letters, digits, _ and - only, and begin with a letter or digit",
      })
      .max(PROVIDER_LENGTH_MAX),
    subject: text(1, SUBJECT_LENGTH_MAX),
  })
  .meta({
    id: "Identity",
    description: "An account at a platform.",
    example: { provider: "steam", subject: "76561197960287930" },
  });

export const newPlayer = z
  .strictObject({
    identity: identity.optional(),
    username: username.optional(),
    displayName: displayName.optional(),
    region: label.optional(),
    platform: label.optional(),
    metadata: z.record(metadataKey, scalar).refine(withinKeysMax, tooManyKeys).optional(),
  })
  .meta({ id: "NewPlayer" });

export const playerPatch = z
  .strictObject({
    username: username.nullable().optional(),
    displayName: displayName.nullable().optional(),
    region: label.nullable().optional(),
    platform: label.nullable().optional(),
    metadata: z.record(metadataKey, scalarOrNull).refine(withinKeysMax, tooManyKeys).nullable().optional(),
  })
  .meta({ id: "PlayerPatch", description: "A JSON merge patch (RFC 7396): null unsets a field or a key." });

const playerStatus = z.enum(["active", "banned", "erased"]);

export const player = z
  .object({
    id: uuid,
    username: z.string().nullable(),
    usernameStatus: z.enum(["none", "provisional", "confirmed", "lost"]),
    handle: z.string().nullable().meta({ description: "The name to show." }),
    displayName: z.string().nullable(),
    region: z.string().nullable(),
    platform: z.string().nullable(),
    status: playerStatus,
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    createdAt: time,
    homeServer: z.string().meta({ description: "The server that took the registration." }),
    identities: z
      .array(identity)
      .optional()
      .meta({ description: "For the player's own and trusted callers." }),
    notices: z
      .array(z.string())
      .optional()
      .meta({ description: "For the player's own and trusted callers." }),
  })
  .meta({ id: "Player" });

export const registered = z.object({ player }).meta({ id: "Registered" });

export const playerPage = z
  .object({
    items: z.array(player),
    next: z.string().nullable().meta({ description: "The `cursor` of the next page, on any server." }),
  })
  .meta({ id: "PlayerPage" });

export const playerParams = z.strictObject({ id: uuid });

export const playerListQuery = z.strictObject({
  username: text(1, USERNAME_LENGTH_MAX).optional(),
  prefix: text(1, USERNAME_LENGTH_MAX).optional(),
  region: label.optional(),
  platform: label.optional(),
  status: playerStatus.optional(),
  limit: z
    .string()
    .regex(/^[0-9]{1,3}$/, { error: `must be a whole number from 1 to ${PAGE_ITEMS_MAX}` })
    .transform(Number)
    .pipe(z.int().min(1).max(PAGE_ITEMS_MAX))
    .default(PAGE_ITEMS_DEFAULT)
    .meta({ type: "integer", minimum: 1, maximum: PAGE_ITEMS_MAX, default: PAGE_ITEMS_DEFAULT }),
  cursor: z.string().max(CURSOR_LENGTH_MAX).optional(),
});

export type PlayerAnswer = z.output<typeof player>;
export type PlayerPageAnswer = z.output<typeof playerPage>;
export type RegisteredAnswer = z.output<typeof registered>;
