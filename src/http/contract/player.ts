/** Players as requests and answers have them. */
import { z } from "zod";
import { claimedIdentity, identity, identityProof } from "./identity.ts";
import { DISPLAY_NAME_LENGTH_MAX, USERNAME_LENGTH_MAX } from "./limits.ts";
import { metadata, metadataPatch, newMetadata } from "./metadata.ts";
import { cursor, limit, pageOf } from "./paging.ts";
import { label, reason, text, time, uuid, visibleName } from "./text.ts";

/** As a player is shown whose name belongs to somebody else (CLM1): nobody may be taken for it. */
const LOOKS_LOST = /#[0-9a-f]{4}$/i;

const username = visibleName(USERNAME_LENGTH_MAX).refine((value) => !LOOKS_LOST.test(value), {
  error: "must not end like the name of a player who lost it: #, and four hexadecimal digits",
});
const displayName = visibleName(DISPLAY_NAME_LENGTH_MAX);

export const newPlayer = z
  .strictObject({
    identity: claimedIdentity.optional(),
    username: username.optional(),
    displayName: displayName.optional(),
    region: label.optional(),
    platform: label.optional(),
    metadata: newMetadata.optional(),
  })
  .meta({ id: "NewPlayer" });

export const playerPatch = z
  .strictObject({
    username: username.nullable().optional(),
    displayName: displayName.nullable().optional(),
    region: label.nullable().optional(),
    platform: label.nullable().optional(),
    metadata: metadataPatch.nullable().optional(),
  })
  .meta({ id: "PlayerPatch", description: "A JSON merge patch (RFC 7396): null unsets a field or a key." });

const playerStatus = z.enum(["active", "banned", "erased"]);

const notice = z
  .object({
    code: z.enum(["username-lost", "seat-overflow", "seat-late"]),
    detail: z.string(),
    matchId: uuid.optional().meta({ description: "Where it is about a seat." }),
  })
  .meta({ id: "Notice", description: "What the player should be told." });

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
    metadata,
    createdAt: time,
    homeServer: z.string().meta({ description: "The server that took the registration." }),
    identities: z
      .array(identity)
      .optional()
      .meta({ description: "For the player itself, API keys and operators." }),
    notices: z
      .array(notice)
      .optional()
      .meta({ description: "For the player itself, API keys and operators." }),
  })
  .meta({ id: "Player" });

export const erased = z.object({ id: uuid, status: z.literal("erased") }).meta({ id: "Erased" });

export const playerPage = pageOf(player).meta({ id: "PlayerPage" });

export const playerParams = z.strictObject({ id: uuid });

export const identityParams = z.strictObject({ id: uuid, ...identityProof });

export const playerListQuery = z.strictObject({
  username: text(1, USERNAME_LENGTH_MAX).optional(),
  prefix: text(1, USERNAME_LENGTH_MAX).optional(),
  region: label.optional(),
  platform: label.optional(),
  status: playerStatus.optional(),
  limit,
  cursor,
});

export const playerMerge = z
  .strictObject({
    into: uuid.meta({ description: "The player that this one is the same as." }),
    reason: reason.optional().meta({ description: "Why; for the operators' audit trail." }),
  })
  .meta({ id: "PlayerMerge" });

export type PlayerAnswer = z.output<typeof player>;
export type ErasedAnswer = z.output<typeof erased>;
export type PlayerPageAnswer = z.output<typeof playerPage>;
