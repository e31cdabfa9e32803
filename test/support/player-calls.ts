/** The calls of a game client, and what a test asks of all servers. */
import { expect } from "vitest";
import type { DigestAnswer } from "../../src/http/contract/cluster.ts";
import type { ErasedAnswer, PlayerAnswer } from "../../src/http/contract/player.ts";
import type { RegisteredAnswer } from "../../src/http/contract/session.ts";
import { eventually } from "./eventually.ts";

export interface Reachable {
  readonly name: string;
  readonly url: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly position: string | null;
  /** What was asked for, or a problem with its code. */
  readonly body: Partial<Body> & { readonly code?: string };
}

interface CallOptions {
  readonly body?: object;
  /** An API key or the operators' token; without one, anybody calls. */
  readonly token?: string | undefined;
}

const CALL_WITHIN_MS = 30_000;
const CONVERGE_WITHIN_MS = 30_000;

export async function call<Body>(
  method: string,
  url: string,
  { body, token }: CallOptions = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(CALL_WITHIN_MS),
    headers: {
      ...(body && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    position: response.headers.get("rollcall-position"),
    body: (await response.json()) as Answer<Body>["body"],
  };
}

/** What was asked for, which is expected not to be refused. */
export function granted<Body>({ status, body }: Answer<Body>): Body {
  expect([200, 201, 202], JSON.stringify(body)).toContain(status);
  return body as Body;
}

export function register(server: Reachable, fields: object): Promise<Answer<RegisteredAnswer>> {
  return call("POST", `${server.url}/v1/players`, { body: fields });
}

/** Registers and expects it to be acknowledged. */
export async function registered(server: Reachable, fields: object): Promise<PlayerAnswer> {
  return granted(await register(server, fields)).player;
}

/** The ids of so many new players, the least first. */
export async function newPlayers(server: Reachable, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await registered(server, {})).id);
  return ids.sort();
}

export function edit(server: Reachable, id: string, patch: object): Promise<Answer<PlayerAnswer>> {
  return call("PATCH", `${server.url}/v1/players/${id}`, { body: patch });
}

export function erase(server: Reachable, id: string): Promise<Answer<ErasedAnswer>> {
  return call("DELETE", `${server.url}/v1/players/${id}`);
}

/** With identities and notices, if the token is an API key. */
export function player(server: Reachable, id: string, token?: string): Promise<Answer<PlayerAnswer>> {
  return call("GET", `${server.url}/v1/players/${id}`, { token });
}

/** The ids of all players that a server holds, page by page. */
export async function allPlayerIds(server: Reachable): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ""; ; ) {
    const response = await fetch(`${server.url}/v1/players?limit=100${cursor && `&cursor=${cursor}`}`);
    const page = (await response.json()) as { items: PlayerAnswer[]; next: string | null };
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

async function digest(server: Reachable, token: string): Promise<DigestAnswer> {
  return granted(await call<DigestAnswer>("GET", `${server.url}/v1/cluster/digest`, { token }));
}

/** Waits until all servers have the same entries, and so the same state. */
export async function expectConverged(servers: readonly Reachable[], opsToken: string): Promise<void> {
  await eventually(
    async () => {
      const [first, ...others] = await Promise.all(servers.map((server) => digest(server, opsToken)));
      for (const other of others) expect(other).toEqual(first);
    },
    { withinMs: CONVERGE_WITHIN_MS },
  );
}
