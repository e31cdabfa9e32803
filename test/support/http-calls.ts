/** Calls that many tests of the HTTP side make, and what they expect of each refusal. */
import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import supertest, { type Test } from "supertest";
import { expect } from "vitest";
import type { MatchAnswer } from "../../src/http/contract/match.ts";
import type { PlayerAnswer } from "../../src/http/contract/player.ts";
import type { InputFault } from "../../src/http/contract/problem.ts";
import type { SignedInAnswer } from "../../src/http/contract/session.ts";
import { API_KEY, type HttpWorld, OPS_TOKEN } from "./http-app.ts";

export const AS_KEY = { Authorization: `Bearer ${API_KEY}` };
export const AS_OPS = { Authorization: `Bearer ${OPS_TOKEN}` };

/** With the token of a player's session. */
export function asPlayer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** The application, called from this address. */
export function from(remoteAddress: string, { app }: HttpWorld): RequestListener {
  return (request, response) => {
    Object.defineProperty(request.socket, "remoteAddress", { value: remoteAddress });
    app(request, response);
  };
}

/** Of nobody and nothing. */
export const UNKNOWN_ID = "0190f3c2-0000-7000-8000-000000000000";

const ALL = { entriesMax: 10_000, bytesMax: 1e9 };

export async function registerPlayer({ app }: HttpWorld, fields: object = {}): Promise<PlayerAnswer> {
  const { status, body } = await supertest(app).post("/v1/players").send(fields);
  expect(status).toBe(201);
  return body.player;
}

/** Several, who differ in nothing but their ids. */
export async function registerPlayers(world: HttpWorld, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await registerPlayer(world)).id);
  return ids;
}

/** A player with a session. */
export async function registerWithSession({ app }: HttpWorld): Promise<SignedInAnswer> {
  const identity = { provider: "device", subject: randomUUID() };
  const { status, body } = await supertest(app).post("/v1/players").send({ identity });
  expect(status).toBe(201);
  return body;
}

/** Two players that an operator said to be one, as they were before. */
export async function mergedPlayers(
  world: HttpWorld,
): Promise<{ readonly [role in "survivor" | "merged"]: SignedInAnswer }> {
  const [one, other] = [await registerWithSession(world), await registerWithSession(world)];
  const [survivor, merged] = one.player.id < other.player.id ? [one, other] : [other, one];
  const { status } = await supertest(world.app)
    .post(`/v1/players/${merged.player.id}/merge`)
    .set(AS_OPS)
    .send({ into: survivor.player.id });
  expect(status).toBe(200);
  return { survivor, merged };
}

export async function createMatch({ app }: HttpWorld, fields: object = {}): Promise<MatchAnswer> {
  const { status, body } = await supertest(app)
    .post("/v1/matches")
    .send({ mode: "duel", capacity: 2, ...fields });
  expect(status).toBe(201);
  return body;
}

/** A match with these players, the first of them as host, that has begun. */
export async function startMatch(
  world: HttpWorld,
  playerIds: readonly string[],
  fields: object = {},
): Promise<MatchAnswer> {
  const [hostId, ...others] = playerIds;
  const { id } = await createMatch(world, { capacity: playerIds.length, hostId, ...fields });
  for (const playerId of others) {
    const { status } = await supertest(world.app).put(`/v1/matches/${id}/players/${playerId}`);
    expect(status).toBe(200);
  }
  const { status, body } = await supertest(world.app).post(`/v1/matches/${id}/start`);
  expect(status).toBe(200);
  return body;
}

/** A match that ended so, as an operator says. */
export async function settleMatch(
  world: HttpWorld,
  ranks: { readonly [playerId: string]: number },
  fields: object = {},
): Promise<MatchAnswer> {
  const { id } = await startMatch(world, Object.keys(ranks), fields);
  const { status, body } = await supertest(world.app)
    .post(`/v1/matches/${id}/settlement`)
    .set(AS_OPS)
    .send({ ranks, reason: "seen" });
  expect(status).toBe(200);
  return body;
}

/** What each of two servers holds reaches the other. */
export async function exchange(one: HttpWorld, other: HttpWorld): Promise<void> {
  await deliver(one, other);
  await deliver(other, one);
  expect(await one.registry.foldedDigest()).toEqual(await other.registry.foldedDigest());
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** Pointers into the body. */
  readonly at?: readonly string[];
}

/** The request is answered with this problem, and nothing is stored, logged or troubled. */
export async function expectRefusal(world: HttpWorld, request: Test, refusal: Refusal): Promise<void> {
  const before = await world.registry.foldedDigest();
  const { status, body, headers } = await request;
  expect([status, body.code]).toEqual([refusal.status, refusal.code]);
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(headers).not.toHaveProperty("rollcall-position");
  if (refusal.at) {
    expect(body.errors.map((fault: InputFault) => fault.pointer ?? fault.parameter)).toEqual(refusal.at);
  }
  expect(await world.registry.foldedDigest()).toEqual(before);
  expect([world.troubles, world.log]).toEqual([[], []]);
}

async function deliver(from: HttpWorld, to: HttpWorld): Promise<void> {
  for (const origin of from.registry.vector.keys()) {
    await to.registry.receive(await from.registry.entries(origin, 1, ALL));
  }
}
