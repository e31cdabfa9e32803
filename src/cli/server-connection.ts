/**
 * Calls of commands to a running server: many at a time over connections that stay open.
 *
 * What can be helped by waiting is tried again: a server that is away or says 5xx, with growing pauses, and one that
 * limits requests, for as long as it asks. So everything sent this way has to be safe to repeat.
 */
import http from "node:http";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { CommandError } from "./command-error.ts";

export interface ConnectionOptions {
  readonly url: string;
  /** An API key or the operators' token. */
  readonly token: string | undefined;
  /** Which of them it has to be. */
  readonly wanted?: string;
  readonly connectionsMax: number;
  /** How long an answer is waited for. */
  readonly timeoutMs?: number;
  /** How often what can be helped by waiting is tried again. */
  readonly retriesMax?: number;
  /** With every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told once, when the server limits requests. */
  readonly onRateLimit: () => void;
}

export interface Call {
  readonly method: "GET" | "POST";
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const TIMEOUT_MS = 30_000;
/** Of 0.2, 0.4 … 6.4 s: a server that restarts is back within them. */
const RETRIES_MAX = 6;
const FIRST_PAUSE_MS = 200;
const RETRY_AFTER_DEFAULT_S = 1;

const problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
    .optional(),
});

/** Players as they are answered, with what a newer server may add. */
export const playerPage = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });

export class ServerConnection {
  readonly #options: ConnectionOptions;
  readonly #base: URL;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #closing = new AbortController();
  #toldOfLimit = false;

  /** @throws CommandError when the URL is none */
  constructor(options: ConnectionOptions) {
    const { url, connectionsMax } = options;
    if (!URL.canParse(url) || !/^https?:\/\//.test(url)) {
      throw new CommandError(
        "bad-usage",
        `--url "${url}" is no URL of a server; give one like http://127.0.0.1:7400`,
      );
    }
    this.#options = options;
    this.#base = new URL(url);
    const { Agent, request } = this.#base.protocol === "https:" ? https : http;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
    this.#request = request;
  }

  /**
   * That a Rollcall server answers there and takes the token, asked once: at the start of a command nobody has reason
   * to wait for a server that was never there. @throws CommandError
   */
  async checkAccess(): Promise<void> {
    const answer = await this.call({ method: "GET", path: "/v1/players?limit=1" }, 0);
    if (answer.status === 200 && playerPage.safeParse(answer.body).success) return;
    throw new CommandError("refused", `${this.#options.url} is no Rollcall server: ${reasonOf(answer)}`);
  }

  /**
   * The answer, also one that refuses; but for a token that the server does not take, which no call will get past.
   * @throws CommandError
   */
  async call(call: Call, retriesMax = this.#options.retriesMax ?? RETRIES_MAX): Promise<Answer> {
    for (let failures = 0; ; ) {
      const answer = await this.#try(call).catch((error: unknown) => error);
      if (isAnswer(answer) && answer.status === 429) {
        if (!this.#toldOfLimit) this.#options.onRateLimit();
        this.#toldOfLimit = true;
        await this.#pause(answer.retryAfterS * 1_000);
        continue;
      }
      if (isAnswer(answer) && (answer.status === 401 || answer.status === 403)) {
        const { url, token, wanted = "an API key" } = this.#options;
        const what =
          token === undefined ? `wants ${wanted} (--token or ROLLCALL_TOKEN)` : "refuses the token";
        throw new CommandError("refused", `${url} ${what}: ${reasonOf(answer)}`);
      }
      if (isAnswer(answer) && answer.status < 500) return answer;
      if (failures === retriesMax) throw this.#unreachable(answer);
      await this.#pause(FIRST_PAUSE_MS * 2 ** failures);
      failures++;
    }
  }

  /** The answer, whatever it is, of one try. @throws CommandError when there is none */
  async once(call: Call): Promise<Answer> {
    try {
      return await this.#try(call);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  /** Calls under way fail at once, and are not tried again. */
  close(): void {
    this.#closing.abort();
    this.#agent.destroy();
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#closing.signal });
  }

  #unreachable(last: unknown): CommandError {
    const why = isAnswer(last)
      ? `answers ${last.status}: ${reasonOf(last)}`
      : `cannot be reached: ${last instanceof Error ? causeOf(last) : String(last)}`;
    return new CommandError("unreachable", `${this.#options.url} ${why}`, { cause: last });
  }

  #try({ method, path, headers, body }: Call): Promise<Answer & { readonly retryAfterS: number }> {
    const { token, timeoutMs = TIMEOUT_MS } = this.#options;
    const text = body && JSON.stringify(body);
    const sent = {
      ...this.#options.headers,
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(text)),
      }),
    };
    return new Promise((resolve, reject) => {
      const request = this.#request(
        new URL(path, this.#base),
        { method, headers: sent, agent: this.#agent, timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const retryAfter = Number(response.headers["retry-after"]);
            resolve({
              status: response.statusCode ?? 0,
              body: parsed(Buffer.concat(chunks).toString()),
              retryAfterS: retryAfter > 0 ? retryAfter : RETRY_AFTER_DEFAULT_S,
            });
          });
        },
      );
      request.on("timeout", () =>
        request.destroy(new CommandError("unreachable", `no answer within ${timeoutMs / 1_000} s`)),
      );
      request.on("error", reject);
      request.end(text);
    });
  }
}

/** What a problem says, in one line. */
export function reasonOf({ status, body }: Answer): string {
  const said = problem.safeParse(body);
  if (!said.success) return `status ${status}`;
  const { code, detail, errors } = said.data;
  if (!errors || errors.length === 0) return detail ?? code;
  return errors.map((fault) => `${fault.pointer ?? fault.parameter ?? code} ${fault.detail}`).join("; ");
}

/** Of several addresses that were tried, the first one's. */
function causeOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error.message;
}

function isAnswer(value: unknown): value is Answer & { readonly retryAfterS: number } {
  return typeof value === "object" && value !== null && "retryAfterS" in value;
}

/** What is no JSON, as of a proxy, tells nothing more than its status. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
