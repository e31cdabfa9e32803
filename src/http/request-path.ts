/** The path of a request's target, without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** `/v1/players/{id}/identities/{provider}` and what is before its first slash: nothing. */
const PUBLIC_PARTS = 6;

/**
 * As it may be logged and answered. No path that is served has more parts than those, but for an identity's, whose
 * last one is the secret of a device or an ID token; so it is in whatever looks like one.
 */
export function shownPathOf(url: string): string {
  const parts = pathOf(url).split("/");
  return parts.length <= PUBLIC_PARTS
    ? parts.join("/")
    : [...parts.slice(0, PUBLIC_PARTS), "(hidden)"].join("/");
}
