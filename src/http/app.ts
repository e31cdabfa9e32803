/**
 * The HTTP side: what every request passes, then its route.
 *
 * It is a listener of Node's own server, without a framework: Express gives every request another prototype, after
 * which V8 runs all that touches the request several times slower (docs/decisions/0005).
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import compression from "compression";
import { AccessControl } from "./access.ts";
import { acknowledging } from "./acknowledgement.ts";
import { sendAnswer } from "./answer.ts";
import { auditRoutes } from "./audit-routes.ts";
import { banRoutes } from "./ban-routes.ts";
import { boardRoutes } from "./board-routes.ts";
import { clientAddressOf } from "./client-address.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { commonHeaders } from "./common-headers.ts";
import { conflictRoutes } from "./conflict-routes.ts";
import { ConsoleFiles } from "./console-files.ts";
import { answerPreflight, corsHeaders, isPreflight } from "./cors.ts";
import { descriptionRoutes } from "./description-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import type { HttpOptions } from "./http-options.ts";
import { identityRoutes } from "./identity-routes.ts";
import { refuseForeignPage } from "./local-writes.ts";
import { matchRoutes } from "./match-routes.ts";
import { type Middleware, passed } from "./middleware.ts";
import { personRoutes } from "./person-routes.ts";
import { playerRoutes } from "./player-routes.ts";
import { positionRoutes } from "./position-routes.ts";
import { presenceRoutes } from "./presence-routes.ts";
import { answerError, giveUp } from "./problem-answer.ts";
import { RateLimits } from "./rate-limit.ts";
import { reportRoutes } from "./report-routes.ts";
import { requestLog } from "./request-log.ts";
import { pathOf } from "./request-path.ts";
import type { Route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { seatRoutes } from "./seat-routes.ts";
import { type SessionParts, sessionRoutes } from "./session-routes.ts";
import { IdTokens } from "./sessions/id-tokens.ts";
import { IdentityProof } from "./sessions/identity-proof.ts";
import { sessionKeys } from "./sessions/session-keys.ts";
import { SessionTokens } from "./sessions/session-tokens.ts";
import { SignInLimits } from "./sessions/sign-in-limits.ts";
import { systemRoutes } from "./system-routes.ts";
import { verificationRoutes } from "./verification-routes.ts";
import { WATCHED } from "./watched-paths.ts";

/** Below it, compressing costs more than it saves. */
const COMPRESSED_BYTES_MIN = 1_024;

export function createApp(options: HttpOptions): RequestListener {
  const { server, cluster, logger, rateLimitPerMinute } = options;
  const { secrets, openWrites, issuers } = options.access;
  const { nowMs } = options;
  const keys = sessionKeys(secrets, server.realm);
  const tokens = new SessionTokens({ keys, realm: server.realm, nowMs });
  const proof = new IdentityProof({
    realm: server.realm,
    openWrites,
    idTokens: new IdTokens({ issuers, nowMs }),
  });
  const signInLimits = rateLimitPerMinute === "off" ? undefined : new SignInLimits(options);
  const routes = routesOf(options, { keys, tokens, proof, limits: signInLimits }).map((route) =>
    acknowledging(route, cluster),
  );
  const table = new RouteTable(descriptionRoutes(routes, server.version));
  const access = new AccessControl({ ...options.access, sessions: tokens });
  const { allowedOrigins } = options;
  const giveCommonHeaders = commonHeaders(server.name, cluster, (request) =>
    corsHeaders(allowedOrigins, request),
  );
  const isOpenToMachine = openWrites && options.listensOnLoopback;
  const consoleFiles = new ConsoleFiles(options.consoleFolder);
  const log = requestLog(logger);
  const limits =
    rateLimitPerMinute === "off"
      ? undefined
      : new RateLimits({ perMinute: rateLimitPerMinute, monotonicMs: options.monotonicMs });
  // It asks for no more than a request and an answer of Node's own.
  const compress = compression({ threshold: COMPRESSED_BYTES_MIN }) as unknown as Middleware;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    giveCommonHeaders(request, response);
    if (log) await passed(log, request, response);
    if (isPreflight(allowedOrigins, request)) return answerPreflight(response);
    const isLimited = !WATCHED.has(pathOf(url)) && !access.isUnlimited(headers.authorization);
    const limited = isLimited ? limits : undefined;
    limited?.passAddress(clientAddressOf(request), response);
    const page = await consoleFiles.answer(request);
    if (page) return sendAnswer(response, page);
    const { route, params } = table.find(method, url);
    if (route.compressed) await passed(compress, request, response);
    const caller = access.admit(headers.authorization, route.access);
    if (isOpenToMachine && caller.kind === "open") refuseForeignPage(request, allowedOrigins);
    if (caller.kind === "player") limited?.passPlayer(caller.id, response);
    sendAnswer(response, await route.answer({ caller, params, message: request }));
  }

  return (request, response) => {
    answer(request, response)
      .catch((error: unknown) => answerError(error, request, response, logger))
      .catch((error: unknown) => giveUp(error, response, logger));
  };
}

function routesOf(options: HttpOptions, sessions: SessionParts): Route[] {
  const { registry } = options;
  return [
    ...playerRoutes(registry, sessions),
    ...sessionRoutes(registry, sessions),
    ...identityRoutes(registry, sessions.proof),
    ...banRoutes(options),
    ...personRoutes(registry),
    ...matchRoutes(registry),
    ...seatRoutes(registry),
    ...reportRoutes(registry),
    ...boardRoutes(registry),
    ...presenceRoutes(options),
    ...positionRoutes(options),
    ...eventRoutes(options),
    ...conflictRoutes(registry),
    ...historyRoutes(registry),
    ...auditRoutes(registry),
    ...clusterRoutes(options),
    ...verificationRoutes(options),
    ...systemRoutes(options),
  ];
}
