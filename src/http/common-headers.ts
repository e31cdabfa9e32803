/** The headers that every answer has. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import helmet from "helmet";
import type { ClusterPort } from "./cluster-port.ts";

/** One that comes from outside goes into logs and answers, so it has to be harmless. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** `Rollcall-Server`, `X-Request-Id`, `Cache-Control`, and `Rollcall-Peers-Unheard` when there are any. */
export function commonHeaders(server: string, cluster: ClusterPort): RequestHandler {
  return (request, response, next) => {
    const sent = request.headers["x-request-id"];
    const id = typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
    response.setHeader("X-Request-Id", id);
    response.setHeader("Rollcall-Server", server);
    response.setHeader("Cache-Control", "no-store");
    const unheard = cluster.unheard();
    if (unheard.length > 0) {
      const members = unheard.map(({ name, seconds }) => `${name};${Math.round(seconds)}`);
      response.setHeader("Rollcall-Peers-Unheard", members.join(", "));
    }
    next();
  };
}

export function requestIdOf(response: ServerResponse): string {
  return String(response.getHeader("X-Request-Id"));
}

/** For an API that no page shows or embeds; whoever ends TLS adds `Strict-Transport-Security`. */
export function securityHeaders(): RequestHandler {
  return helmet({
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
}
