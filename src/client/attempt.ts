/** One request to one server: its answer, or a typed error. Nothing is repeated here. */
import type { Problem } from "../http/contract/problem.ts";
import { ProblemError, ServerSilentError, ServerUnreachableError, UnexpectedAnswerError } from "./errors.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query, from the root. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  /** The URL of the server that answered, as it was given. */
  readonly server: string;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined where there is none. */
  readonly body: unknown;
}

export interface AttemptOptions {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  /** Ends it: the caller lost interest, or another server was faster. */
  readonly signal: AbortSignal;
}

/**
 * @throws ProblemError, UnexpectedAnswerError, ServerUnreachableError, ServerSilentError; the signal's reason once
 *   it is aborted.
 */
export async function attempt(
  server: string,
  request: HttpRequest,
  { fetch, timeoutMs, signal }: AttemptOptions,
): Promise<HttpAnswer> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end);
  try {
    signal.throwIfAborted();
    const response = await send(fetch, server, request, ending.signal);
    const text = await response.text();
    return {
      server,
      status: response.status,
      headers: response.headers,
      body: bodyOf(server, response, text),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (isSilent) throw new ServerSilentError(server, timeoutMs);
    if (error instanceof ProblemError || error instanceof UnexpectedAnswerError) throw error;
    throw new ServerUnreachableError(server, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** No server of ours redirects, and a token is for the servers that were named alone. */
export function send(
  fetch: Fetch,
  server: string,
  { method, path, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(server + path, {
    method,
    headers,
    signal,
    redirect: "error",
    credentials: "omit",
    ...(body !== undefined && { body }),
  });
}

/** @throws ProblemError, UnexpectedAnswerError */
export function bodyOf(server: string, response: Response, text: string): unknown {
  const value = response.status === 204 ? undefined : parsed(text);
  if (response.ok) {
    if (response.status === 204 || value !== undefined) return value;
    throw new UnexpectedAnswerError(server, response.status, "what is no JSON");
  }
  if (!isProblem(value)) throw new UnexpectedAnswerError(server, response.status, "what is no problem");
  throw new ProblemError(value, { server, retryAfterMs: retryAfterMs(response.headers) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Pick<Problem, "code" | "status" | "detail" | "requestId"> {
  if (typeof value !== "object" || value === null) return false;
  const { code, status, detail, requestId } = value as Partial<Record<keyof Problem, unknown>>;
  return (
    typeof code === "string" &&
    typeof status === "number" &&
    typeof detail === "string" &&
    typeof requestId === "string"
  );
}

/** Seconds, or a date (RFC 9110, 10.2.3), counted from the answer's own date, as clocks differ. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  const sentAt = Date.parse(headers.get("date") ?? "");
  return Math.max(0, at - (Number.isNaN(sentAt) ? Date.now() : sentAt));
}
