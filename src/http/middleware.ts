/** What libraries do to requests before a route answers, in the form that Connect gave it. */
import type { IncomingMessage, ServerResponse } from "node:http";

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Resolves when it lets the request pass; rejects with what it has against it. */
export function passed(
  middleware: Middleware,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    middleware(request, response, (error) => (error === undefined ? resolve() : reject(error)));
  });
}
