/** One call to one server, told apart by what it may have done, and recorded. */
import type { History, Outcome, RecordedCall } from "../history.ts";

export interface CallOptions {
  readonly server: { readonly name: string; readonly url: string };
  readonly what: string;
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly token: string;
  readonly mark?: string;
}

export interface CallAnswer {
  readonly outcome: Outcome;
  readonly status: number | null;
  /** As it was parsed; undefined when no answer came. */
  readonly body: unknown;
  readonly recorded: RecordedCall;
}

/** A frozen server answers nothing; what it did is unknown from then on. */
const ANSWER_WITHIN_MS = 3_000;

/** Never rejects: what goes wrong is an outcome. */
export async function call(history: History, options: CallOptions): Promise<CallAnswer> {
  const { server, what, mark = null } = options;
  const startedMs = history.now();
  const answer = await ask(options);
  const { outcome, status, body, code, position } = answer;
  const endedMs = history.now();
  const recorded = { server: server.name, what, mark, startedMs, endedMs, outcome, status, code, position };
  history.calls.push(recorded);
  return { outcome, status, body, recorded };
}

type Asked = Omit<CallAnswer, "recorded"> & Pick<RecordedCall, "code" | "position">;

async function ask({ server, method, path, body, token }: CallOptions): Promise<Asked> {
  try {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && {
          "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
        }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { status } = response;
    const text = await response.text();
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    const position = response.headers.get("rollcall-position");
    return { outcome: outcomeOf(status), status, body: parsed, code: codeOf(parsed), position };
  } catch (error) {
    // Undici puts the system's error into the cause.
    const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined) ?? nameOf(error);
    const outcome = code === "ECONNREFUSED" ? "failed" : "unknown";
    return { outcome, status: null, body: undefined, code, position: null };
  }
}

function outcomeOf(status: number): Outcome {
  if (status < 300) return "ok";
  return status < 500 ? "failed" : "unknown";
}

function codeOf(value: unknown): string | null {
  const isNamed = typeof value === "object" && value !== null && "code" in value;
  return isNamed && typeof value.code === "string" ? value.code : null;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
