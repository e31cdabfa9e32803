/** The OpenID Connect issuers whose ID tokens sign players in, as `ROLLCALL_OIDC_ISSUERS` lists them. */
import { z } from "zod";
import { DEVICE, OIDC } from "../http/contract/identity.ts";

const AUDIENCE_LENGTH_MAX = 512;
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);
const audience = z.string().min(1).max(AUDIENCE_LENGTH_MAX);

const issuer = z.strictObject({
  /** The provider of the identities that come of its tokens. */
  name: name.refine((text) => text !== DEVICE && text !== OIDC),
  /** As its tokens have it in `iss`. */
  issuer: z.string().refine((text) => URL.canParse(text)),
  audience: z.union([audience, z.array(audience).min(1)]),
  /** A file with its keys, a JWK set. */
  keys: z.string().min(1),
  /** Where they are fetched from, into the file. */
  keysUrl: z.string().refine(isSafeUrl).optional(),
});

export type OidcIssuerSettings = z.output<typeof issuer>;

const issuers = z
  .array(issuer)
  .refine((list) => isDistinct(list.map((item) => item.name)))
  .refine((list) => isDistinct(list.map((item) => item.issuer)));

/** Says where it is wrong, never what stands there. */
export const oidcIssuers = z.string().transform((text, context): readonly OidcIssuerSettings[] => {
  if (text === "") return [];
  const parsed = issuers.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const places = new Set(parsed.error.issues.map(({ path }) => path.join("/")).filter((path) => path !== ""));
  const where = places.size > 0 ? `; look at ${[...places].join(", ")}` : "";
  const message = `a JSON list of {"name", "issuer", "audience", "keys", "keysUrl"?}, each name and issuer once${where}`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keys that somebody on the way could exchange would let that one in as anybody. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" || (protocol === "http:" && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname))
  );
}

function isDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
