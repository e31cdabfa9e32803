/**
 * What an operator did to a record, and why (AUD1): an entry of the log before the change that it made, so that it is
 * replicated with it, and kept on every server.
 *
 * The body is JSON. The entry belongs to the record's document, so that erasing a player empties it (ERA1): reasons
 * speak of persons. That of an erasure itself belongs to none, and names the id alone.
 */
import { canonicalJson } from "./canonical.ts";
import { type ChangeHash, isChangeHash } from "./change.ts";
import { ENTRY_KIND, ENTRY_VERSION, type Entry } from "./entry.ts";
import { isStamp, type Stamp } from "./hybrid-clock.ts";
import { type DocumentId, isDocumentId } from "./ids.ts";
import { SERVER_NAME } from "./server-name.ts";
import { isStorableText } from "./storable-text.ts";

export const AUDITED_ACTIONS = ["restore", "merge", "settle", "forget", "ban", "unban", "erase"] as const;
export type AuditedAction = (typeof AUDITED_ACTIONS)[number];

/** What the one who acts says of itself, and where it calls from. */
export interface AuditNote {
  /** A name that the operator gave: several share a token. */
  readonly operator?: string | undefined;
  readonly reason?: string | undefined;
  /** Of the client, as the server saw it. */
  readonly address?: string | undefined;
}

export interface AuditRecord extends AuditNote {
  readonly stamp: Stamp;
  readonly action: AuditedAction;
  /** The kind of caller: `ops` or `key`. */
  readonly by: string;
  /** The player or match. */
  readonly documentId?: DocumentId | undefined;
  /** The change that was made of it. */
  readonly change?: ChangeHash | undefined;
  /** The server that was forgotten. */
  readonly member?: string | undefined;
}

/** Of each text in a record: generous, several times what a request may say. */
const TEXT_LENGTH_MAX = 4_096;

export function isAudited(reason: string): reason is AuditedAction {
  return AUDITED_ACTIONS.some((action) => action === reason);
}

export function encodeAudit(record: AuditRecord): Uint8Array {
  const said = Object.entries(record).filter(([, value]) => value !== undefined);
  return new TextEncoder().encode(canonicalJson(Object.fromEntries(said)));
}

/** The record in an `audit` entry; undefined for any other entry, and where this version cannot read it. */
export function auditRecordOf({ kind, version, body }: Entry): AuditRecord | undefined {
  if (kind !== ENTRY_KIND.audit || version !== ENTRY_VERSION) return undefined;
  const { stamp, action, by, documentId, change, member, operator, reason, address } = fieldsOf(body);
  if (!isStamp(stamp) || typeof action !== "string" || !isAudited(action) || !isText(by)) return undefined;
  return {
    stamp,
    action,
    by,
    ...(typeof documentId === "string" && isDocumentId(documentId) && { documentId }),
    ...(typeof change === "string" && isChangeHash(change) && { change }),
    ...(typeof member === "string" && SERVER_NAME.test(member) && { member }),
    ...(isText(operator) && { operator }),
    ...(isText(reason) && { reason }),
    ...(isText(address) && { address }),
  };
}

function fieldsOf(body: Uint8Array): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return {};
    throw error;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && isStorableText(value, TEXT_LENGTH_MAX);
}
