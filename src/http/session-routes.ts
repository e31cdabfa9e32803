/** Sessions: sign in by an identity, or by the refresh token of an earlier one; the keys that tokens are verified by. */
import type { DocumentId } from "../../crdt/ids.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import { PlayerNotFoundError } from "../registry/errors.ts";
import type { Registry } from "../registry/registry.ts";
import type { PlayerView } from "../registry/views.ts";
import { jsonAnswer } from "./answer.ts";
import { signInHeaders } from "./contract/headers.ts";
import {
  type JwksAnswer,
  jwks,
  type SessionAnswer,
  type SignedInAnswer,
  signedIn,
  signIn,
} from "./contract/session.ts";
import {
  IdentityUnknownError,
  PlayerNotHereYetError,
  RefreshTokenUnknownError,
  SessionRefusedError,
} from "./errors.ts";
import { wholePlayerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { defineRoute, type Route } from "./route.ts";
import { type IdentityProof, IN_BODY } from "./sessions/identity-proof.ts";
import { publicJwk, type SessionKey } from "./sessions/session-keys.ts";
import type { Session, SessionTokens } from "./sessions/session-tokens.ts";
import type { SignInAttempt, SignInLimits } from "./sessions/sign-in-limits.ts";
import { timeText } from "./time-text.ts";

export interface SessionParts {
  readonly keys: readonly SessionKey[];
  readonly tokens: SessionTokens;
  readonly proof: IdentityProof;
  /** Undefined: nobody is locked out. */
  readonly limits: SignInLimits | undefined;
}

export function sessionRoutes(registry: Registry, parts: SessionParts): Route[] {
  return [signInRoute(registry, parts), keysRoute(parts)];
}

export function sessionAnswer({ token, refreshToken, expiresAtMs }: Session): SessionAnswer {
  return { token, refreshToken, expiresAt: timeText(expiresAtMs) };
}

/** Proves who signs in, unless too many such attempts were refused. @throws SignInLockedError */
export function provedWithin<T>(
  limits: SignInLimits | undefined,
  attempt: SignInAttempt,
  prove: () => T | Promise<T>,
): T | Promise<T> {
  return limits ? limits.pass(attempt, prove) : prove();
}

function signInRoute(registry: Registry, { tokens, proof, limits }: SessionParts): Route {
  return defineRoute({
    method: "post",
    path: "/v1/sessions",
    operationId: "signIn",
    summary: "Begins a session of a player; one who is banned or erased gets none.",
    access: "public",
    request: { headers: signInHeaders, body: signIn },
    refusals: [
      "session-refused",
      "forbidden",
      "identity-refused",
      "identity-unknown",
      "sign-in-locked",
      "issuer-keys-missing",
    ],
    responses: { 201: { description: "The session.", schema: signedIn } },
    handle: async ({ caller, address, headers, body }) => {
      const { identity, refreshToken = "" } = body;
      const id = await provedWithin(limits, { caller, address, proof: body }, async () => {
        const proved = identity && (await proof.proved(identity, caller, IN_BODY));
        const refreshed = identity ? undefined : playerOfRefresh(tokens, refreshToken);
        await reached(registry, headers);
        const owner = refreshed ?? (proved && (await registry.players.ownerOf(proved)));
        if (owner === undefined) throw new IdentityUnknownError();
        return owner;
      });
      const view = await playerAtPlay(registry, id);
      const session = sessionAnswer(tokens.issue(view.player.id));
      const value: SignedInAnswer = { player: wholePlayerAnswer(view), session };
      return jsonAnswer(201, value);
    },
  });
}

function keysRoute({ keys }: SessionParts): Route {
  return defineRoute({
    method: "get",
    path: "/.well-known/jwks.json",
    operationId: "readSessionKeys",
    summary: "The public keys of sessions (RFC 7517), for those who verify tokens by themselves.",
    access: "public",
    request: {},
    responses: { 200: { description: "The keys; two while the cluster's secret is changed.", schema: jwks } },
    handle: () => {
      const value: JwksAnswer = { keys: keys.map(publicJwk) };
      return jsonAnswer(200, value);
    },
  });
}

/** @throws SessionRefusedError */
function playerOfRefresh(tokens: SessionTokens, refreshToken: string): DocumentId {
  const checked = tokens.check(refreshToken, "refresh");
  switch (checked.kind) {
    case "valid":
      return checked.playerId;
    case "expired":
      throw new SessionRefusedError("the refresh token has expired; sign in by an identity");
    case "unknown":
      throw new RefreshTokenUnknownError();
  }
}

/** Or the one that it was merged into. @throws SessionRefusedError, PlayerNotHereYetError */
async function playerAtPlay({ players }: Registry, id: DocumentId): Promise<PlayerView> {
  const view = await players.read(id, { whole: true }).catch((error: unknown) => {
    if (error instanceof PlayerErasedError) throw new SessionRefusedError("the player was erased");
    if (error instanceof PlayerNotFoundError) throw new PlayerNotHereYetError();
    throw error;
  });
  if (view.status === "banned") throw new SessionRefusedError("the player is banned");
  return view;
}
