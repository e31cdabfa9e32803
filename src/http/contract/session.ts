/** Sessions: how a player signs in, and what it calls with from then on. */
import { z } from "zod";
import { claimedIdentity } from "./identity.ts";
import { TOKEN_LENGTH_MAX } from "./limits.ts";
import { player } from "./player.ts";
import { time } from "./text.ts";

const session = z
  .object({
    token: z.string().meta({ description: "For calls: `Authorization: Bearer <token>`." }),
    refreshToken: z.string().meta({ description: "For the next session, at `POST /v1/sessions`." }),
    expiresAt: time.meta({ description: "Of the token." }),
  })
  .meta({ id: "Session" });

/** One of the two. */
export const signIn = z
  .strictObject({
    identity: claimedIdentity.optional(),
    refreshToken: z.string().min(1).max(TOKEN_LENGTH_MAX).optional(),
  })
  .refine(({ identity, refreshToken }) => (identity === undefined) !== (refreshToken === undefined), {
    error: "must have either `identity` or `refreshToken`",
  })
  .meta({ id: "SignIn", description: "By an identity, or by the refresh token of an earlier session." });

export const signedIn = z.object({ player, session }).meta({ id: "SignedIn" });

export const registered = z
  .object({
    player,
    session: session.optional().meta({
      description:
        "Not given to a banned player, nor to whoever names a known player by a key of fewer than 22 characters.",
    }),
  })
  .meta({ id: "Registered" });

/** A public key of the cluster (RFC 8037). */
const jwk = z
  .object({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    x: z.string(),
    kid: z.string(),
    alg: z.literal("EdDSA"),
    use: z.literal("sig"),
  })
  .meta({ id: "Jwk" });

export const jwks = z.object({ keys: z.array(jwk) }).meta({ id: "JwkSet" });

export type SessionAnswer = z.output<typeof session>;
export type SignedInAnswer = z.output<typeof signedIn>;
export type RegisteredAnswer = z.output<typeof registered>;
export type JwkAnswer = z.output<typeof jwk>;
export type JwksAnswer = z.output<typeof jwks>;
