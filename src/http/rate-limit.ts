/** Requests a minute by address. Counted in memory: each server alone, so that it works in a split too. */
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { RateLimitedError } from "./errors.ts";
import type { Middleware } from "./middleware.ts";

const WINDOW_MS = 60_000;

/** Answers with `RateLimit` and `RateLimit-Policy`, and `Retry-After` once the limit is passed. */
export function limitRate(perMinute: number): Middleware {
  const limit = rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    identifier: "address",
    // Of a client that is gone already there is no address. What proxies claim is not believed.
    keyGenerator: ({ socket: { remoteAddress } }) =>
      remoteAddress === undefined ? "" : ipKeyGenerator(remoteAddress),
    // Advice to developers, on the console.
    validate: false,
    handler: (_request, _response, next) => next(new RateLimitedError(perMinute)),
  });
  // Of Express it uses one thing that Node has by another name.
  return (request, response, next) => {
    const answer = Object.assign(response, { append: response.appendHeader.bind(response) });
    (limit as unknown as Middleware)(request, answer, next);
  };
}
