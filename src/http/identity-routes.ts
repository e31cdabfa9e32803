/** Players' accounts at platforms: link, unlink. */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { editHeaders } from "./contract/headers.ts";
import { identityParams, player } from "./contract/player.ts";
import { writeQuery } from "./contract/position.ts";
import { playerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { writtenHeaders } from "./record-answer.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";
import { type IdentityProof, IN_PATH } from "./sessions/identity-proof.ts";

const PATH = "/v1/players/{id}/identities/{provider}/{subject}";

export function identityRoutes(registry: Registry, proof: IdentityProof): Route[] {
  return [linkRoute(registry, proof), unlinkRoute(registry, proof)];
}

function linkRoute(registry: Registry, proof: IdentityProof): Route {
  return defineRoute({
    method: "put",
    path: PATH,
    operationId: "linkIdentity",
    summary: "Links an account to a player: `device` by its secret, others by an API key.",
    access: "player",
    request: { params: identityParams, query: writeQuery, headers: editHeaders },
    refusals: [
      "identity-refused",
      "player-not-found",
      "identity-taken",
      "player-erased",
      "issuer-keys-missing",
    ],
    responses: { 200: { description: "The player as it is now.", schema: player, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id, ...identity }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, id);
      const proved = await proof.proved(identity, caller, IN_PATH);
      const written = await registry.players.linkIdentity(id, proved, author());
      return jsonAnswer(200, playerAnswer(written, caller.kind !== "open"), writtenHeaders(written));
    },
  });
}

function unlinkRoute(registry: Registry, proof: IdentityProof): Route {
  return defineRoute({
    method: "delete",
    path: PATH,
    operationId: "unlinkIdentity",
    summary: "Unlinks an account from a player; one that is not linked stays so.",
    access: "player",
    request: { params: identityParams, query: writeQuery, headers: editHeaders },
    refusals: ["player-not-found", "player-erased"],
    responses: { 200: { description: "The player as it is now.", schema: player, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id, ...identity }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, id);
      const written = await registry.players.unlinkIdentity(id, proof.named(identity), author());
      return jsonAnswer(200, playerAnswer(written, caller.kind !== "open"), writtenHeaders(written));
    },
  });
}
