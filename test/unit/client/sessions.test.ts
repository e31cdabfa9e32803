/** Sessions, against small servers that keep to the contract of `POST /v1/players` and `POST /v1/sessions`. */
import { afterEach, describe, expect, it } from "vitest";
import {
  type ClientOptions,
  createClient,
  ProblemError,
  type Session,
  SessionEndedError,
} from "../../../src/client/client.ts";
import { answer, bodyOf, refuse, type SmallServer, startSmallServer } from "../../support/small-server.ts";

const ADA = { id: "ada" };
/** However busy the machine is, a server that answers is not taken for a silent one. */
const PATIENCE_MS = 30_000;
const running: SmallServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.kill();
});

/** What all servers of a cluster know, as tokens are verified by any of them alone. */
class Authority {
  #granted = 0;
  readonly good = new Set<string>();
  readonly refreshable = new Set<string>();
  /** By the kind of what it was granted for. */
  readonly grants: string[] = [];

  grant(what: string): Session {
    const number = ++this.#granted;
    this.grants.push(what);
    this.good.add(`token-${number}`);
    this.refreshable.add(`refresh-${number}`);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return { token: `token-${number}`, refreshToken: `refresh-${number}`, expiresAt };
  }

  expire(): void {
    this.good.clear();
  }
}

interface SeenCall {
  readonly call: string;
  readonly authorization: string | undefined;
}

async function serverOf(authority: Authority, seen: SeenCall[] = []): Promise<SmallServer> {
  const server = await startSmallServer(async (request, response) => {
    const { method, url, headers } = request;
    if (url === "/readyz") return answer(response, 200, { status: "ready", degraded: [] });
    const { authorization } = headers;
    seen.push({ call: `${method} ${url}`, authorization });
    if (authorization !== undefined && !authority.good.has(authorization.slice("Bearer ".length))) {
      return refuse(response, 401, "unauthorized");
    }
    if (url === "/v1/players")
      return answer(response, 201, { player: ADA, session: authority.grant("player") });
    if (url !== "/v1/sessions") {
      return authorization === undefined ? refuse(response, 401, "unauthorized") : answer(response, 200, ADA);
    }
    const { identity, refreshToken } = await bodyOf(request);
    if (identity === undefined && !authority.refreshable.has(String(refreshToken))) {
      return refuse(response, 401, "unauthorized");
    }
    answer(response, 201, { player: ADA, session: authority.grant(identity ? "identity" : "refresh") });
  });
  running.push(server);
  return server;
}

function clientOf(servers: readonly SmallServer[], options: Partial<ClientOptions> = {}) {
  return createClient({ servers: servers.map(({ url }) => url), patienceMs: PATIENCE_MS, ...options });
}

describe("a session", () => {
  it("comes with the registration and is sent from then on, to every server", async () => {
    const seen: SeenCall[] = [];
    const authority = new Authority();
    const servers = [await serverOf(authority, seen), await serverOf(authority, seen)];
    const told: (Session | undefined)[] = [];
    const client = clientOf(servers, { onSession: (session) => told.push(session) });
    const { session } = await client.players.register();
    expect(session).toMatchObject({ token: "token-1" });
    expect([client.sessions.current, told]).toEqual([session, [session]]);
    for (const server of servers) {
      await server.kill();
      expect(await client.players.edit("ada", { region: "eu" })).toEqual(ADA);
      await server.start();
    }
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      ...Array(seen.length - 1).fill("Bearer token-1"),
    ]);
  });

  it("is started with an identity", async () => {
    const authority = new Authority();
    const client = clientOf([await serverOf(authority)]);
    await expect(client.players.edit("ada", {})).rejects.toBeInstanceOf(ProblemError);
    const { player } = await client.sessions.start({ provider: "steam", subject: "1" });
    expect(player).toEqual(ADA);
    expect(await client.players.edit("ada", {})).toEqual(ADA);
    client.sessions.end();
    await expect(client.players.edit("ada", {})).rejects.toMatchObject({ code: "unauthorized" });
    expect(authority.grants).toEqual(["identity"]);
  });

  it("that a server no longer takes is exchanged once for all calls that need it, and they go on", async () => {
    const seen: SeenCall[] = [];
    const authority = new Authority();
    const client = clientOf([await serverOf(authority, seen)]);
    await client.players.register();
    authority.expire();
    const calls = Array.from({ length: 20 }, () => client.players.edit("ada", { region: "eu" }));
    expect(await Promise.all(calls)).toEqual(Array(20).fill(ADA));
    expect(authority.grants).toEqual(["player", "refresh"]);
    // A refresh token is all that an exchange has to prove itself with.
    const exchange = seen.find(({ call }) => call === "POST /v1/sessions");
    expect(exchange?.authorization).toBeUndefined();
  });

  it("of an earlier start goes on, and is exchanged at another server when one is away", async () => {
    const authority = new Authority();
    const stored = authority.grant("earlier");
    authority.expire();
    const servers = [await serverOf(authority), await serverOf(authority)];
    await servers[0]?.kill();
    const client = clientOf(servers, { session: stored });
    expect(await client.players.edit("ada", {})).toEqual(ADA);
    expect(client.sessions.current?.token).toBe("token-2");
  });

  it("that cannot be exchanged has ended, and the caller is told", async () => {
    const authority = new Authority();
    const told: (Session | undefined)[] = [];
    const client = clientOf([await serverOf(authority)], { onSession: (session) => told.push(session) });
    await client.players.register();
    authority.expire();
    authority.refreshable.clear();
    await expect(client.players.edit("ada", {})).rejects.toBeInstanceOf(SessionEndedError);
    expect(told.at(-1)).toBeUndefined();
    expect(client.sessions.current).toBeUndefined();
  });

  it("is not used by a client that acts with a token of its own", async () => {
    const seen: SeenCall[] = [];
    const authority = new Authority();
    authority.good.add("a-key");
    const client = clientOf([await serverOf(authority, seen)], { token: "a-key" });
    const { session } = await client.players.register();
    expect(session).toMatchObject({ token: "token-1" });
    await client.players.edit("ada", {});
    expect(client.sessions.current).toBeUndefined();
    expect(seen.map(({ authorization }) => authorization)).toEqual(["Bearer a-key", "Bearer a-key"]);
    authority.expire();
    await expect(client.players.edit("ada", {})).rejects.toMatchObject({ code: "unauthorized" });
  });
});
