/**
 * Asked by those who look after the server, and not limited: as they are spelled here, so that no other spelling
 * of a path goes around the limit.
 */
export const WATCHED: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics", "/openapi.json"]);
