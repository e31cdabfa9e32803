/** The HTTP side as an Express application: what every request passes, then the routes. */
import compression from "compression";
import express from "express";
import { AccessControl } from "./access.ts";
import { sendAnswer } from "./answer.ts";
import { banRoutes } from "./ban-routes.ts";
import { boardRoutes } from "./board-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { commonHeaders } from "./common-headers.ts";
import { conflictRoutes } from "./conflict-routes.ts";
import { MethodNotAllowedError, PathNotFoundError } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { identityRoutes } from "./identity-routes.ts";
import { matchRoutes } from "./match-routes.ts";
import { openApiRoute } from "./openapi.ts";
import { personRoutes } from "./person-routes.ts";
import { playerRoutes } from "./player-routes.ts";
import { presenceRoutes } from "./presence-routes.ts";
import { answerErrors } from "./problem-answer.ts";
import { limitRate } from "./rate-limit.ts";
import { reportRoutes } from "./report-routes.ts";
import { requestLog } from "./request-log.ts";
import type { Route } from "./route.ts";
import { seatRoutes } from "./seat-routes.ts";
import { systemRoutes } from "./system-routes.ts";

/** Below it, compressing costs more than it saves. */
const COMPRESSED_BYTES_MIN = 1_024;

export function createApp(options: HttpOptions): express.Express {
  const { server, cluster, logger, rateLimitPerMinute } = options;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.disable("query parser");
  app.enable("strict routing");
  app.enable("case sensitive routing");

  app.use(commonHeaders(server.name, cluster));
  const log = requestLog(logger);
  if (log) app.use(log);
  if (rateLimitPerMinute !== "off") app.use("/v1", limitRate(rateLimitPerMinute));

  const routes = routesOf(options);
  serve(app, [...routes, openApiRoute(routes, server.version)], new AccessControl(options.access));
  app.use((request) => {
    decodeURIComponent(request.path);
    throw new PathNotFoundError();
  });
  app.use(answerErrors(logger));
  return app;
}

function routesOf(options: HttpOptions): Route[] {
  const { registry } = options;
  return [
    ...playerRoutes(registry),
    ...identityRoutes(registry),
    ...banRoutes(options),
    ...personRoutes(registry),
    ...matchRoutes(registry),
    ...seatRoutes(registry),
    ...reportRoutes(registry),
    ...boardRoutes(registry),
    ...presenceRoutes(options),
    ...conflictRoutes(registry),
    ...clusterRoutes(options),
    ...systemRoutes(options),
  ];
}

function serve(app: express.Express, routes: readonly Route[], access: AccessControl): void {
  const compress = compression({ threshold: COMPRESSED_BYTES_MIN });
  for (const route of routes) {
    const before = route.compressed ? [compress] : [];
    app[route.method](expressPath(route.path), ...before, async (request, response) => {
      const caller = access.admit(request.headers.authorization, route.access);
      sendAnswer(response, await route.answer({ caller, params: request.params, message: request }));
    });
  }
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(expressPath(path), (request) => {
      throw new MethodNotAllowedError(request.method, methods);
    });
  }
}

/** A path that is read answers HEAD too. */
function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const served = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...served]);
  }
  return methods;
}

/** `/v1/players/{id}` as Express writes it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
