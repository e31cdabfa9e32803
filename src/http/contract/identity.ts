/** Accounts as requests name them, with what proves them, and as answers show them. */
import { z } from "zod";
import { ID_TOKEN_LENGTH_MAX, PROVIDER_LENGTH_MAX, SUBJECT_LENGTH_MAX } from "./limits.ts";
import { text } from "./text.ts";

const provider = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, {
    error: "must have lower-case letters, digits, _ and - only, and begin with a letter or digit",
  })
  .max(PROVIDER_LENGTH_MAX);

/** Of the provider whose subject is an ID token of an issuer that the servers know. */
export const OIDC = "oidc";
/** Of the provider whose subject is a secret that a device keeps. */
export const DEVICE = "device";

const PROOF =
  "Of `device`: the device's secret, 22 or more random characters; of `oidc`: an ID token; of any other provider " +
  "the name of the account there, which is taken on the word of an API key.";

/** With its proof, so an ID token may stand where a subject does. */
const proofText = text(1, ID_TOKEN_LENGTH_MAX).meta({ description: PROOF });

/** An account and its proof, in the parts of a path. */
export const identityProof = { provider, subject: proofText };

export const claimedIdentity = z
  .strictObject(identityProof)
  .refine(({ provider, subject }) => provider === OIDC || isShort(subject), {
    error: `must have 1 to ${SUBJECT_LENGTH_MAX} characters`,
    path: ["subject"],
  })
  .meta({
    id: "ClaimedIdentity",
    description: "An account and what proves that the caller has it.",
    example: { provider: "device", subject: "wPjzq5rAQ0yXoZ2Lk1eVtA" },
  });

export const identity = z.object({ provider: z.string(), subject: z.string() }).meta({
  id: "Identity",
  description: "An account at a platform. Of `device` the subject is a hash of the secret.",
  example: { provider: "steam", subject: "76561197960287930" },
});

function isShort(subject: string): boolean {
  return subject.length <= SUBJECT_LENGTH_MAX || [...subject].length <= SUBJECT_LENGTH_MAX;
}
