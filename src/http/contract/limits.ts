/** What a request may be at most. Lengths of text are counted in Unicode code points. */

/** Of a body, as sent. */
export const BODY_BYTES_MAX = 32 * 1024;
/** No request that makes sense here nests deeper than 3. */
export const JSON_DEPTH_MAX = 8;

export const USERNAME_LENGTH_MAX = 32;
export const DISPLAY_NAME_LENGTH_MAX = 64;
/** Of regions, platforms and modes. */
export const LABEL_LENGTH_MAX = 32;
export const PROVIDER_LENGTH_MAX = 32;
export const SUBJECT_LENGTH_MAX = 256;
/** What is asked of a secret: 128 bits, of 6 a character. */
export const SECRET_LENGTH_MIN = 22;
/** Issuers put a few claims of their own into an ID token; a path has room for as much. */
export const ID_TOKEN_LENGTH_MAX = 8_192;
/** Ours are shorter by half. */
export const TOKEN_LENGTH_MAX = 1_024;

export const METADATA_KEYS_MAX = 64;
export const METADATA_KEY_LENGTH_MAX = 64;
export const METADATA_TEXT_LENGTH_MAX = 512;

/** Of a register: `metadata/` and a key. */
export const PATH_LENGTH_MAX = 128;

/** Why a player is banned, or a match settled. */
export const REASON_LENGTH_MAX = 512;
/** Where to connect: a URL, or a host and a port. */
export const ADDRESS_LENGTH_MAX = 256;

/** Seats of a match, and so places in it. */
export const CAPACITY_MAX = 1_000;

/** The end of the year 9999, the last that RFC 3339 can write, in milliseconds since 1970. */
export const TIME_MS_MAX = Date.UTC(10_000, 0) - 1;

/** Of the name that an operator gives. */
export const OPERATOR_LENGTH_MAX = 64;

export const IDEMPOTENCY_KEY_LENGTH_MAX = 128;

export const PAGE_ITEMS_DEFAULT = 20;
export const PAGE_ITEMS_MAX = 100;
/** Changes in a page of a history, which a graph is drawn of: a third of a megabyte. */
export const HISTORY_ITEMS_MAX = 1_000;
/** Of the changes that neither knew of one, those that are named. */
export const CONCURRENT_NAMED_MAX = 100;
/** Players who give a name up for one: more than claim it at once in any split. */
export const TAKE_FROM_MAX = 50;
/** Heads that a document is asked for at: more than servers write it at once. */
export const HEADS_MAX = 50;
/** A cursor holds an id and a name of at most 32 code points, which normalising can make 18 times as long. */
export const CURSOR_LENGTH_MAX = 4_096;

/** Positions in one `Rollcall-After`. */
export const AFTER_POSITIONS_MAX = 16;
/** How many other servers an answer may wait for: more than any cluster has. */
export const ACK_PEERS_MAX = 100;
/** How long a request waits for what `Rollcall-After` names, and then its answer for the servers of `ack`. */
export const WAIT_MS_DEFAULT = 1_000;
export const WAIT_MS_MAX = 10_000;
