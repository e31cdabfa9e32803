/** Requests a minute, by address and by player. Counted in memory: each server alone, so that it works in a split too. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import type { DocumentId } from "../../crdt/ids.ts";
import { RateLimitedError } from "./errors.ts";
import { type Middleware, passed } from "./middleware.ts";

const WINDOW_MS = 60_000;

/** Whose requests are counted together. */
type Counted = "address" | "player";

/** Answers with `RateLimit` and `RateLimit-Policy`, and `Retry-After` once a limit is passed. */
export class RateLimits {
  readonly #byAddress: Middleware;
  readonly #byPlayer: Middleware;
  readonly #playerOf = new WeakMap<IncomingMessage, DocumentId>();

  constructor(perMinute: number) {
    // Of a client that is gone already there is no address. What proxies claim is not believed.
    this.#byAddress = limit("address", perMinute, ({ socket: { remoteAddress } }) =>
      remoteAddress === undefined ? "" : ipKeyGenerator(remoteAddress),
    );
    this.#byPlayer = limit("player", perMinute, (request) => this.#playerOf.get(request) ?? "");
  }

  /** @throws RateLimitedError */
  passAddress(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return passed(this.#byAddress, request, response);
  }

  /** One player from many addresses. @throws RateLimitedError */
  passPlayer(id: DocumentId, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#playerOf.set(request, id);
    return passed(this.#byPlayer, request, response);
  }
}

function limit(counted: Counted, perMinute: number, keyOf: (request: IncomingMessage) => string): Middleware {
  const middleware = rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    identifier: counted,
    keyGenerator: keyOf,
    // Advice to developers, on the console.
    validate: false,
    handler: (_request, _response, next) => next(new RateLimitedError(counted, perMinute)),
  });
  // Of Express it uses one thing that Node has by another name.
  return (request, response, next) => {
    const answer = Object.assign(response, { append: response.appendHeader.bind(response) });
    (middleware as unknown as Middleware)(request, answer, next);
  };
}
