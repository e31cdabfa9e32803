/**
 * All problems that an answer can be, by their stable code: with which status each is answered, and when. Errors are
 * answered by this table (`problems.ts`), and the OpenAPI document names what it has.
 */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  /** When it is answered, as a sentence. */
  readonly when: string;
  /** What is worth a retry has one, unless the error itself says when to come back. */
  readonly retryAfterS?: number;
}

export const REFUSALS = {
  "invalid-request": {
    status: 400,
    title: "Invalid request",
    when: "Something in path, query, headers or body breaks the rules; `errors` says what and where.",
  },
  "malformed-json": { status: 400, title: "Malformed JSON", when: "The body is no JSON in UTF-8." },
  "unknown-head": {
    status: 400,
    title: "Unknown head",
    when: "No change of the document that is known here has the hash.",
  },
  "merge-into-itself": {
    status: 400,
    title: "Merge into itself",
    when: "The two players are one already, by id.",
  },
  "ranks-not-of-seated": {
    status: 400,
    title: "Ranks are not of the seated",
    when: "The ranks leave out somebody who is seated, or name somebody who is not.",
  },
  "malformed-path": { status: 400, title: "Malformed path", when: "The path is not percent-encoded UTF-8." },
  "request-aborted": { status: 400, title: "Request aborted", when: "The request ended within its body." },
  unauthorized: {
    status: 401,
    title: "Unauthorized",
    when: "A token is needed, or the one that was sent is unknown or has expired.",
  },
  "session-refused": {
    status: 401,
    title: "Session refused",
    when: "The refresh token is unknown or has expired, or its player is banned or erased.",
  },
  "identity-refused": {
    status: 401,
    title: "Identity refused",
    when: "What was sent does not prove that the caller has the account.",
  },
  "identity-unknown": {
    status: 401,
    title: "Identity is unknown",
    when: "No player on this server has the account.",
  },
  "foreign-page": {
    status: 403,
    title: "Page of another site",
    when: "Without a token, writes are open to this machine alone, and the request may come from elsewhere.",
  },
  forbidden: {
    status: 403,
    title: "Forbidden",
    when: "The caller may not do this, or not with this record.",
  },
  "ops-closed": {
    status: 403,
    title: "Operators' endpoints are closed",
    when: "The server has no operators' token.",
  },
  "player-banned": { status: 403, title: "Player is banned", when: "A banned player takes no part." },
  "not-seated": { status: 403, title: "Not seated", when: "Only who is seated in the match reports." },
  "path-not-found": { status: 404, title: "Not found", when: "Nothing is served at the path." },
  "console-missing": {
    status: 404,
    title: "Console is missing",
    when: "The operators' page was not built, or is another version by now.",
  },
  "player-not-found": { status: 404, title: "Player not found", when: "No player here has the id." },
  "document-not-found": {
    status: 404,
    title: "Document not found",
    when: "No player and no match here has the id.",
  },
  "match-not-found": { status: 404, title: "Match not found", when: "No match here has the id." },
  "ban-not-found": { status: 404, title: "Ban not found", when: "The player has no ban with the id." },
  "member-not-found": {
    status: 404,
    title: "Member not found",
    when: "No server of this name is known here.",
  },
  "never-verified": {
    status: 404,
    title: "Never verified",
    when: "Nobody has asked for a verification since the server began.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    when: "The path is served by other methods.",
  },
  "metadata-full": {
    status: 409,
    title: "Metadata is full",
    when: "With what is there already, it would have too many keys.",
  },
  "name-taken": { status: 409, title: "Name is taken", when: "Another player visibly owns the name." },
  "name-contested": {
    status: 409,
    title: "Name is contested",
    when: "Another player claims the name too, so spelling it otherwise would hand it over.",
  },
  "identity-taken": { status: 409, title: "Identity is taken", when: "Another player has the account." },
  "identity-given-up": {
    status: 409,
    title: "Identity was given up",
    when: "The device was unlinked from the player that its id leads to.",
  },
  "nothing-to-restore": {
    status: 409,
    title: "Nothing to restore",
    when: "The change is not known here, did not set this register, or it is none that can be put back.",
  },
  "match-not-open": { status: 409, title: "Match is not open", when: "The match was started or is over." },
  "match-full": { status: 409, title: "Match is full", when: "All seats are taken." },
  "too-many-entries": {
    status: 409,
    title: "Too many entries",
    when: "The player took a seat in this match too often.",
  },
  "match-empty": { status: 409, title: "Match is empty", when: "Nobody is seated in the match." },
  "match-not-running": {
    status: 409,
    title: "Match is not running",
    when: "The match was not started, or was cancelled.",
  },
  "match-over": { status: 409, title: "Match is over", when: "The match is over already." },
  "result-settled": { status: 409, title: "Result is settled", when: "An operator has settled the result." },
  "member-alive": {
    status: 409,
    title: "Member is alive",
    when: "The server is this one, or is heard by it.",
  },
  "player-erased": {
    status: 410,
    title: "Player was erased",
    when: "The player was erased; ids are not reused.",
  },
  "precondition-failed": {
    status: 412,
    title: "Precondition failed",
    when: "The record is another one than `If-Match` names.",
  },
  "body-too-large": { status: 413, title: "Body too large", when: "The body has more than 32 KiB." },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    when: "The body is sent as another type than is taken here.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "Idempotency key was used",
    when: "The caller made another request with this key.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests",
    when: "The address or the player has made too many requests in a minute.",
  },
  "sign-in-locked": {
    status: 429,
    title: "Sign-in is locked",
    when: "Sign-ins by this identity or from this address were refused too often.",
  },
  internal: {
    status: 500,
    title: "Internal error",
    when: "Something is wrong with the server; its log has more.",
  },
  "not-replicated-yet": {
    status: 503,
    title: "Not replicated yet",
    when: "What was asked for has not reached this server within the time.",
    retryAfterS: 1,
  },
  "not-ready": { status: 503, title: "Not ready", when: "The server is starting.", retryAfterS: 2 },
  "too-many-listeners": {
    status: 503,
    title: "Too many listeners",
    when: "As many listen to events as the server serves.",
    retryAfterS: 5,
  },
  overloaded: {
    status: 503,
    title: "Overloaded",
    when: "Too many writes wait for the database.",
    retryAfterS: 1,
  },
  // The server tries to reach its database again every two seconds at least.
  "database-unavailable": {
    status: 503,
    title: "Database unavailable",
    when: "The server's PostgreSQL cannot be reached.",
    retryAfterS: 2,
  },
  "database-slow": {
    status: 503,
    title: "Database slow",
    when: "The server's PostgreSQL did not get done in time.",
    retryAfterS: 2,
  },
  "outcome-unknown": {
    status: 503,
    title: "Outcome unknown",
    when: "The database went away while it committed: the write stands or does not; sent again, it is done once.",
    retryAfterS: 2,
  },
  // They are asked for once a minute.
  "issuer-keys-missing": {
    status: 503,
    title: "Issuer's keys are missing",
    when: "The server has not got the keys of the ID token's issuer yet.",
    retryAfterS: 30,
  },
  // Somebody has to free space.
  "storage-full": {
    status: 503,
    title: "Storage full",
    when: "The database's disk is full; reads go on.",
    retryAfterS: 30,
  },
  "not-acknowledged-yet": {
    status: 504,
    title: "Not acknowledged yet",
    when: "The write stands, and fewer other servers than `ack` names hold it so far.",
  },
} as const satisfies { readonly [code: string]: Refusal };

export type RefusalCode = keyof typeof REFUSALS;

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}
