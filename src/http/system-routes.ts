/** For those who keep a server running: whether it lives, whether it is ready, what it measures. */
import { jsonAnswer } from "./answer.ts";
import { health, type ReadinessAnswer, readiness } from "./contract/health.ts";
import { NotReadyError } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { defineRoute, type Route } from "./route.ts";

export function systemRoutes(options: HttpOptions): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/healthz",
      operationId: "readHealth",
      summary: "Whether the process answers.",
      access: "public",
      request: {},
      responses: { 200: { description: "It does.", schema: health } },
      handle: () => jsonAnswer(200, { status: "ok" }),
    }),
    defineRoute({
      method: "get",
      path: "/readyz",
      operationId: "readReadiness",
      summary: "Whether the server can take requests; without some peers it is degraded, and still ready.",
      access: "public",
      request: {},
      refusals: ["not-ready"],
      responses: { 200: { description: "It can.", schema: readiness } },
      handle: () => {
        const { ready, degraded, reasons } = options.readiness();
        if (!ready) throw new NotReadyError(reasons);
        const value: ReadinessAnswer = {
          status: degraded.length > 0 ? "degraded" : "ready",
          degraded: [...degraded],
        };
        return jsonAnswer(200, value);
      },
    }),
    defineRoute({
      method: "get",
      path: "/metrics",
      operationId: "readMetrics",
      summary: "Metrics in the text format of Prometheus.",
      access: "public",
      request: {},
      responses: { 200: { description: "The metrics.", contentType: "text/plain" } },
      compressed: true,
      handle: async () => {
        const { contentType, text } = await options.metrics();
        return { status: 200, contentType, body: text };
      },
    }),
  ];
}
