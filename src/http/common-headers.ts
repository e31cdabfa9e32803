/** The headers that every answer has. */
import { randomUUID } from "node:crypto";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import helmet from "helmet";
import type { ClusterPort } from "./cluster-port.ts";

/** What every answer to a request will have, from its arrival on. */
const commonHeadersOf = new WeakMap<
  ServerResponse,
  { readonly id: string; readonly headers: readonly string[] }
>();

/** One that comes from outside goes into logs and answers, so it has to be harmless. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Helmet's, `Rollcall-Server`, `X-Request-Id`, `Cache-Control`, those for pages of other origins, and `Rollcall-Peers-Unheard` when there are any.
 * Helmet is asked once: its answer is the same for every request.
 */
export function commonHeaders(
  server: string,
  cluster: ClusterPort,
  corsHeadersFor: (request: IncomingMessage) => readonly string[],
): (request: IncomingMessage, response: ServerResponse) => void {
  const constant = [...securityHeaders(), "Rollcall-Server", server, "Cache-Control", "no-store"];
  return (request, response) => {
    const sent = request.headers["x-request-id"];
    const id = typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
    const headers = [...constant, "X-Request-Id", id, ...corsHeadersFor(request)];
    const unheard = cluster.unheard();
    if (unheard.length > 0) {
      const members = unheard.map(({ name, seconds }) => `${name};${Math.round(seconds)}`);
      headers.push("Rollcall-Peers-Unheard", members.join(", "));
    }
    commonHeadersOf.set(response, { id, headers });
  };
}

export function requestIdOf(response: ServerResponse): string {
  return commonHeadersOf.get(response)?.id ?? "";
}

/** Names and values in turn, for `sendAnswer`: setting them one by one costs a tenth of a small request. */
export function headersOf(response: ServerResponse): readonly string[] {
  return commonHeadersOf.get(response)?.headers ?? [];
}

/** For an API that no page shows or embeds; whoever ends TLS adds `Strict-Transport-Security`. */
function securityHeaders(): string[] {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    xContentTypeOptions: true,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xPoweredBy: false,
    xXssProtection: false,
  });
  setHeaders(answer.req, answer, () => undefined);
  return Object.entries(answer.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
