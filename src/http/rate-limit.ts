/** Requests a minute by address. Counted in memory: each server alone, so that it works in a split too. */
import type { RequestHandler } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { RateLimitedError } from "./errors.ts";

const WINDOW_MS = 60_000;

/** Answers with `RateLimit` and `RateLimit-Policy`, and `Retry-After` once the limit is passed. */
export function limitRate(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    identifier: "address",
    // Of a client that is gone already there is no address. What proxies claim is not believed.
    keyGenerator: ({ ip }) => (ip === undefined ? "" : ipKeyGenerator(ip)),
    // Advice to developers, on the console.
    validate: false,
    handler: (_request, _response, next) => next(new RateLimitedError(perMinute)),
  });
}
