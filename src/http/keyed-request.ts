/**
 * By what a request with an `Idempotency-Key` is known again (IDM1, IDM2): hashes of who calls, of the key, and of
 * what is asked. A key is its caller's own: a player's, by whichever of its tokens; an API key's; the operators'.
 */
import { hash } from "node:crypto";
import type { AuditNote } from "../../crdt/audit.ts";
import { canonicalJson, type Json } from "../../crdt/canonical.ts";
import type { ChangeHash } from "../../crdt/change.ts";
import { derivedId } from "../../crdt/ids.ts";
import type { KeyedRequest } from "../registry/request-memory.ts";
import type { Author } from "../registry/write-queue.ts";
import type { Caller } from "./access.ts";
import { entityTag, matchesStrongly } from "./entity-tag.ts";

export interface AskedRequest {
  readonly caller: Caller;
  /** The header, whose token tells one back end from another. */
  readonly authorization: string | undefined;
  readonly method: string;
  /** Of the route, as OpenAPI writes it. */
  readonly path: string;
  /** These are parsed, so that spelling makes no difference. */
  readonly headers: unknown;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Of the client. */
  readonly address: string;
}

/** Of whom a write is; by which request, if it has a key; and on which condition (`If-Match`). */
export function authorOf(asked: AskedRequest): Author {
  const by = asked.caller.kind;
  const headers = asked.headers as { readonly [name: string]: string | undefined } | undefined;
  const key = headers?.["idempotency-key"];
  const tags = headers?.["if-match"];
  return {
    by,
    ...((by === "ops" || by === "key") && { audit: auditNoteOf(asked) }),
    ...(key !== undefined && { request: keyedRequest(key, asked) }),
    ...(tags !== undefined && {
      precondition: (heads: readonly ChangeHash[]) => matchesStrongly(tags, entityTag(heads)),
    }),
  };
}

/** AUD1: who, why and from where, as far as the request says. */
function auditNoteOf({ headers, body, query, address }: AskedRequest): AuditNote {
  const said = (part: unknown, name: string): string | undefined => {
    const value = (part as { readonly [name: string]: unknown } | undefined)?.[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    operator: said(headers, "rollcall-operator"),
    reason: said(body, "reason") ?? said(query, "reason"),
    address,
  };
}

function keyedRequest(key: string, asked: AskedRequest): KeyedRequest {
  const { method, path, params, body } = asked;
  const named = [...scopeOf(asked), key];
  // What a schema gave out of JSON is JSON. The key is in it as salt: a guess at the body cannot be tried.
  const parts = [...named, method, path, (params ?? null) as Json, (body ?? null) as Json];
  const fingerprint = hash("sha256", canonicalJson(["rollcall request v1", ...parts]));
  return {
    key: hash("sha256", canonicalJson(["rollcall idempotency key v1", ...named])),
    fingerprint,
    addedId: derivedId(["rollcall request v1", fingerprint]),
  };
}

function scopeOf({ caller, authorization = "" }: Pick<AskedRequest, "caller" | "authorization">): string[] {
  switch (caller.kind) {
    case "player":
      return ["player", caller.id];
    case "key":
    case "ops":
      return [caller.kind, authorization.trim().split(/ +/)[1] ?? ""];
    case "open":
      return ["open"];
  }
}
