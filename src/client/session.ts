/** What lets a player act for itself, and how long. */
export interface Session {
  /** Sent with every call, until it expires. */
  readonly token: string;
  /** Exchanged for another session before that; keep it as secret as a password. */
  readonly refreshToken: string;
  /** RFC 3339, by the server's clock. */
  readonly expiresAt: string;
}

/** @returns undefined where a server gives none. */
export function sessionOf(value: unknown): Session | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { token, refreshToken, expiresAt } = value as Partial<Record<keyof Session, unknown>>;
  if (typeof token !== "string" || typeof refreshToken !== "string" || typeof expiresAt !== "string") {
    return undefined;
  }
  return { token, refreshToken, expiresAt };
}
