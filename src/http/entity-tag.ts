/**
 * Entity tags of records (RFC 9110, 8.8.3): a hash of the heads, so that all servers with the same changes of a
 * record give the same one.
 */
import { createHash } from "node:crypto";
import type { ChangeHash } from "../../crdt/change.ts";

/** 128 bits, far beyond chance. */
const TAG_DIGITS = 32;
const TAG = /(W\/)?("[^"]*")/g;

/** With its quotes. Heads are sorted. */
export function entityTag(heads: readonly ChangeHash[]): string {
  const hash = heads.length === 1 ? (heads[0] as ChangeHash) : sha256(heads.join(" "));
  return `"${hash.slice(0, TAG_DIGITS)}"`;
}

/** Whether `If-Match` names the tag: weak tags never match (RFC 9110, 13.1.1). */
export function matchesStrongly(header: string, tag: string): boolean {
  if (header === "*") return true;
  return [...header.matchAll(TAG)].some(([, weak, candidate]) => weak === undefined && candidate === tag);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
