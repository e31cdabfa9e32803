/**
 * Turns a typed call into a request and an answer into a value: path and query, body, who calls, one more try with
 * a new token when the old one has expired.
 */
import type { HttpAnswer, HttpRequest } from "./attempt.ts";
import type { CallRunner } from "./call-runner.ts";
import { InvalidArgumentError, ProblemError } from "./errors.ts";
import type { SessionKeeper } from "./session-keeper.ts";

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole call with all its attempts, milliseconds; the client's `timeoutMs` unless given. */
  readonly timeoutMs?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  /**
   * Waits until so many other servers hold the write; `not-acknowledged-yet` when they do not in time, and then the
   * write stands all the same.
   */
  readonly ack?: number | undefined;
}

export interface CreateOptions extends WriteOptions {
  /**
   * Names what is created: whoever repeats it, on any server, today or next week, meets the same. Made anew for each
   * call unless given; 1 to 128 visible ASCII characters.
   */
  readonly idempotencyKey?: string | undefined;
}

type QueryValue = string | number | boolean | undefined;

export interface ApiRequest extends WriteOptions {
  readonly method: HttpRequest["method"];
  /** Segments from the root; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether it may happen twice; true unless told otherwise. */
  readonly repeatable?: boolean | undefined;
  /** `nobody`: without any token. */
  readonly as?: "caller" | "nobody" | undefined;
}

export interface ApiCallerOptions {
  readonly runner: CallRunner;
  readonly sessions: SessionKeeper;
  /** Of a trusted back end or an operator; sent instead of a session's. */
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

export class ApiCaller {
  readonly #options: ApiCallerOptions;

  constructor(options: ApiCallerOptions) {
    this.#options = options;
  }

  /** The body of a good answer, which has the type that the contract gives it. @throws as `CallRunner.run` */
  async call<Value>(request: ApiRequest): Promise<Value> {
    return (await this.answer(request)).body as Value;
  }

  /** The whole answer. @throws as `CallRunner.run` */
  async answer(request: ApiRequest): Promise<HttpAnswer> {
    const token = request.as === "nobody" ? undefined : await this.authorization();
    try {
      return await this.#run(request, token);
    } catch (error) {
      const other = await this.tokenAfter(error, token);
      if (other === undefined) throw error;
      return this.#run(request, other);
    }
  }

  /** What to send as bearer token, if anything. */
  async authorization(): Promise<string | undefined> {
    return this.#options.token ?? (await this.#options.sessions.token());
  }

  /** The token to try again with, after one was refused with this error; undefined if that cannot help. */
  async tokenAfter(error: unknown, token: string | undefined): Promise<string | undefined> {
    const isRefused = error instanceof ProblemError && error.status === 401;
    if (!isRefused || token === undefined || token === this.#options.token) return undefined;
    return this.#options.sessions.otherThan(token);
  }

  #run(request: ApiRequest, token: string | undefined): Promise<HttpAnswer> {
    const { method, repeatable = true, signal, timeoutMs = this.#options.timeoutMs } = request;
    return this.#options.runner.run({
      request: toHttp(request, token),
      repeatable,
      hedged: method === "GET",
      timeoutMs,
      signal,
    });
  }
}

/** @throws InvalidArgumentError */
export function toHttp(request: ApiRequest, token: string | undefined): HttpRequest {
  const { method, path, query = {}, body, contentType = "application/json", headers = {}, ack } = request;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ack })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const search = parameters.toString();
  const given = Object.entries(headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return {
    method,
    path: `/${path.map(encoded).join("/")}${search && `?${search}`}`,
    headers: {
      accept: "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": contentType }),
      ...Object.fromEntries(given),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

/** An empty segment or one of dots would make another path, and perhaps another call. */
function encoded(segment: string): string {
  if (/^\.{0,2}$/.test(segment)) {
    throw new InvalidArgumentError(
      "a part of the path",
      `cannot be ${JSON.stringify(segment)}; is an id empty?`,
    );
  }
  return encodeURIComponent(segment);
}
