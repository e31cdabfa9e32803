/**
 * Open writes on a machine of one's own: programs there may write without a token, the pages that its browser shows
 * may not.
 *
 * A page of another site reaches a server on the loopback in two ways: under its own name, which it lets point to
 * 127.0.0.1 once the page is loaded (DNS rebinding), so the host of a write has to be the loopback's; or by a request
 * that browsers send without asking first, so its origin, where one is sent, has to be of this machine or listed.
 */
import type { IncomingMessage } from "node:http";
import { type AllowedOrigins, isAllowed } from "./cors.ts";
import { ForeignPageError } from "./errors.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Whether this is an address that only this machine reaches; as a setting has it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(":") ? `[${host}]` : host);
}

/** For requests without a token. @throws ForeignPageError */
export function refuseForeignPage({ method = "", headers }: IncomingMessage, allowed: AllowedOrigins): void {
  if (READS.has(method)) return;
  const { host = "", origin } = headers;
  if (!isLoopbackUrl(`http://${host}`)) throw new ForeignPageError("Host");
  if (origin === undefined || isLoopbackUrl(origin)) return;
  // Who allows all origins has not thought of open writes.
  if (allowed === "*" || !isAllowed(allowed, origin)) throw new ForeignPageError("Origin");
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}
