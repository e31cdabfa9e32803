/** JSON pointers (RFC 6901). */

/** The pointer to what these keys and indexes lead to, from the whole document on. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
