/** The calls of a game client, and what a test asks of all servers. */
import { expect } from "vitest";
import { eventually } from "./eventually.ts";

export interface PlayerAnswer {
  readonly id: string;
  readonly username: string | null;
  readonly displayName: string | null;
  readonly region: string | null;
  readonly platform: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly position: string | null;
  readonly body: { readonly player?: PlayerAnswer; readonly code?: string } & Partial<PlayerAnswer>;
}

interface Reachable {
  readonly name: string;
  readonly url: string;
}

const CALL_WITHIN_MS = 30_000;
const CONVERGE_WITHIN_MS = 30_000;

export async function call(method: string, url: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(CALL_WITHIN_MS),
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    position: response.headers.get("rollcall-position"),
    body: (await response.json()) as Answer["body"],
  };
}

export function register(server: Reachable, fields: object): Promise<Answer> {
  return call("POST", `${server.url}/v1/players`, fields);
}

/** Registers and expects it to be acknowledged. */
export async function registered(server: Reachable, fields: object): Promise<PlayerAnswer> {
  const { status, body } = await register(server, fields);
  expect([200, 201], JSON.stringify(body)).toContain(status);
  if (!body.player) throw new RangeError("an acknowledged registration has a player");
  return body.player;
}

export function edit(server: Reachable, id: string, patch: object): Promise<Answer> {
  return call("PATCH", `${server.url}/v1/players/${id}`, patch);
}

export function player(server: Reachable, id: string): Promise<Answer> {
  return call("GET", `${server.url}/v1/players/${id}`);
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

async function digest(server: Reachable, opsToken: string): Promise<unknown> {
  const response = await fetch(`${server.url}/v1/cluster/digest`, {
    headers: { authorization: `Bearer ${opsToken}` },
  });
  expect(response.status).toBe(200);
  return response.json();
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
