/**
 * Servers that are functions, behind a `fetch` for the client: what each says, and how long it takes, is written by
 * the test, and time is that of the fake timers.
 */
import { problemAnswer } from "./problem-response.ts";

export interface SeenRequest {
  readonly server: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
  /** Ended by the client before it was answered. */
  wasEnded: boolean;
}

export type Script = (request: SeenRequest) => Response | Promise<Response>;

export interface ScriptedNetwork {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Calls of the API, in the order in which they came; probes are left out. */
  readonly calls: SeenRequest[];
  readonly probes: SeenRequest[];
  /** What a server does from now on; without a script it refuses connections. */
  readonly scripts: Map<string, Script>;
}

export function scriptedNetwork(scripts: Readonly<Record<string, Script>>): ScriptedNetwork {
  const network: ScriptedNetwork = {
    calls: [],
    probes: [],
    scripts: new Map(Object.entries(scripts)),
    async fetch(url, { method = "GET", headers, body, signal }) {
      const { origin, pathname, search } = new URL(url);
      const request: SeenRequest = {
        server: origin,
        method,
        path: pathname + search,
        headers: new Headers(headers),
        body: typeof body === "string" ? JSON.parse(body) : undefined,
        wasEnded: false,
      };
      (pathname === "/readyz" ? network.probes : network.calls).push(request);
      const script = network.scripts.get(origin);
      if (script === undefined) throw new TypeError("connection refused");
      return await new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => {
          request.wasEnded = true;
          reject(signal.reason);
        });
        Promise.resolve(script(request)).then(resolve, reject);
      });
    },
  };
  return network;
}

/** Answers with a body, after a time. Probes always, at once. */
export function answering(body: object | null, options: AnswerOptions = {}): Script {
  const { status = body === null ? 204 : 200, headers = {}, afterMs = 0, probeMs = 0 } = options;
  return async ({ path }) => {
    await passed(path === "/readyz" ? probeMs : afterMs);
    if (path === "/readyz") return Response.json({ status: "ready", degraded: [] });
    return body === null ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
  };
}

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
  readonly probeMs?: number;
}

/** Refuses with a problem; it is not ready either, when that is a 503. */
export function refusing(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return ({ path }) => {
    if (path === "/readyz" && status < 500) return Response.json({ status: "ready", degraded: [] });
    return problemAnswer(status, code, headers);
  };
}

/** Accepts and never answers. */
export const frozen: Script = () => new Promise(() => undefined);

/** One after the other, then the last for ever; probes are answered by the last. */
export function inTurn(...scripts: readonly [Script, ...Script[]]): Script {
  let turn = 0;
  return (request) => {
    const script = scripts[Math.min(turn, scripts.length - 1)] as Script;
    if (request.path === "/readyz") return (scripts.at(-1) as Script)(request);
    turn++;
    return script(request);
  };
}

export function passed(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
