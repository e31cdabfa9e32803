/**
 * Which servers are members (MBR1): those with an incarnation that the log tells of and that no entry says to be
 * forgotten. Pure, and a union of facts: in whatever order the entries come, the members are the same.
 */
import { canonicalJson } from "./canonical.ts";
import { ENTRY_KIND, ENTRY_VERSION, type Entry } from "./entry.ts";
import type { Origin } from "./position.ts";
import { SERVER_NAME } from "./server-name.ts";

/** What an entry of kind `memberForgotten` says: these incarnations of the server are no members any more. */
export interface MemberForgotten {
  readonly server: string;
  /** Those known where it was forgotten, at most `ORIGINS_MAX`. */
  readonly origins: readonly Origin[];
}

/** Of one entry: 35 bytes each, so that it stays a small part of a frame. A server that has more is forgotten in several. */
export const ORIGINS_MAX = 1_000;
const NAME_LENGTH_MAX = 64;
const ORIGIN = /^[0-9a-f]{32}$/;

/** The body of `memberForgotten`. */
export function encodeMemberForgotten({ server, origins }: MemberForgotten): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ server, origins: [...origins] }));
}

/** Undefined for any other entry, and for one that this version cannot read: it is kept and handed on (UNK1). */
export function memberForgottenIn(entry: Entry): MemberForgotten | undefined {
  if (entry.kind !== ENTRY_KIND.memberForgotten || entry.version !== ENTRY_VERSION) return undefined;
  const { server, origins } = fieldsOf(entry.body);
  if (typeof server !== "string" || server.length > NAME_LENGTH_MAX || !SERVER_NAME.test(server)) {
    return undefined;
  }
  if (!Array.isArray(origins) || origins.length > ORIGINS_MAX || !origins.every(isOrigin)) return undefined;
  return { server, origins };
}

/**
 * The names of the members, sorted.
 * @param servers The server that each known origin is an incarnation of. @param forgotten By origin.
 */
export function membersOf(
  servers: ReadonlyMap<Origin, string>,
  forgotten: { has(origin: Origin): boolean },
): string[] {
  const living = [...servers].filter(([origin]) => !forgotten.has(origin)).map(([, server]) => server);
  return [...new Set(living)].sort();
}

function fieldsOf(body: Uint8Array): { readonly [name: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === "object" && parsed !== null ? (parsed as { [name: string]: unknown }) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isOrigin(value: unknown): value is Origin {
  return typeof value === "string" && ORIGIN.test(value);
}
