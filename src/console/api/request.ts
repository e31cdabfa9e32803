/** Calls to the server that the page came from, in the name of who is signed in. */
import type { InputFault, Problem } from "../../http/contract/problem.ts";
import { sessionNow, signOut } from "../session.ts";

/** Statuses from here on say that the server itself failed. */
const SERVER_ERROR = 500;

/** What a server refused, or that it cannot be reached. */
class ApiError extends Error {
  /** 0 where no answer came. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Whether it may be answered otherwise at once: what the server refuses, it refuses again. */
export function mayPass(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= SERVER_ERROR;
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: object;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer's JSON. @throws ApiError */
export async function request<Answer>(path: string, options: ApiRequest = {}): Promise<Answer> {
  const response = await send(path, options);
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Answer;
}

/** @throws ApiError when there is no answer at all */
export async function send(
  path: string,
  { method = "GET", body, signal, headers = {} }: ApiRequest,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: { ...headersOf(method, body), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "This server does not answer.");
  }
}

function headersOf(method: string, body: object | undefined): Record<string, string> {
  const session = sessionNow();
  return {
    ...(session && { Authorization: `Bearer ${session.token}` }),
    ...(session?.operator && method !== "GET" && { "Rollcall-Operator": session.operator }),
    ...(body && { "Content-Type": "application/json" }),
  };
}

/** What an answer that is none of the good ones says; a token that is refused ends the session. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  const { code = "unknown", detail = `The server answers ${response.status}.`, errors = [] } = problem;
  if (response.status === 401) signOut(detail);
  return new ApiError(response.status, code, [detail, ...errors.map(faultText)].join(": "));
}

function faultText({ pointer, parameter, header, detail }: InputFault): string {
  return `${parameter ?? pointer ?? header ?? ""} ${detail}`.trim();
}
