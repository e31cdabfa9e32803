/**
 * How requests were answered and how long it took, for /metrics. Around the whole HTTP side, so that what is refused
 * before it has a route counts too.
 *
 * Streams are left out: they last as long as somebody listens, and would look like slow calls.
 */
import type { RequestListener } from "node:http";
import { Histogram, type Registry as MetricsRegistry } from "prom-client";
import { pathOf } from "../http/request-path.ts";

const MS_PER_SECOND = 1_000;
const STREAMS = "/v1/events";

/** From a read out of memory to the ten seconds that a call may wait for a position. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of the API; a client can send any other, and must not make a series of it. */
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

export class RequestMetrics {
  readonly #seconds: Histogram;
  readonly #monotonicMs: () => number;

  constructor(registry: MetricsRegistry, monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#seconds = new Histogram({
      name: "rollcall_http_request_seconds",
      help: "Seconds from a request's headers to the end of its answer, without streams of events",
      labelNames: ["method", "status"],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
  }

  /** The same listener, measured. */
  measured(app: RequestListener): RequestListener {
    return (request, response) => {
      const sinceMs = this.#monotonicMs();
      response.once("close", () => {
        if (response.statusCode === 200 && pathOf(request.url ?? "") === STREAMS) return;
        const method = METHODS.has(request.method ?? "") ? (request.method ?? "") : "other";
        // Whoever hung up before the answer is counted as such: no status was sent.
        const status = response.headersSent ? String(response.statusCode) : "none";
        this.#seconds.observe({ method, status }, (this.#monotonicMs() - sinceMs) / MS_PER_SECOND);
      });
      app(request, response);
    };
  }
}
