/** The cluster, for its operators. */

import { MemberAliveError } from "../registry/errors.ts";
import { jsonAnswer } from "./answer.ts";
import {
  type ClusterAnswer,
  cluster,
  type DigestAnswer,
  digest,
  forgetting,
  memberParams,
} from "./contract/cluster.ts";
import { operatedRepeatableHeaders } from "./contract/headers.ts";
import { writeQuery } from "./contract/position.ts";
import type { HttpOptions } from "./http-options.ts";
import { reached } from "./reach.ts";
import { positionHeader } from "./record-answer.ts";
import { defineRoute, type Route } from "./route.ts";

type ClusterOptions = Pick<HttpOptions, "registry" | "server" | "cluster">;

export function clusterRoutes(options: ClusterOptions): Route[] {
  const { registry } = options;
  return [
    defineRoute({
      method: "get",
      path: "/v1/cluster",
      operationId: "readCluster",
      summary: "The members as this server sees them.",
      access: "ops",
      request: {},
      responses: { 200: { description: "The cluster.", schema: cluster } },
      handle: () => jsonAnswer(200, clusterAnswer(options)),
    }),
    forgetRoute(options),
    defineRoute({
      method: "get",
      path: "/v1/cluster/digest",
      operationId: "readDigest",
      summary: "What this server holds, in short: equal on servers that have the same entries.",
      access: "ops",
      request: {},
      refusals: ["database-unavailable"],
      responses: { 200: { description: "The digest.", schema: digest } },
      handle: async () => {
        const value: DigestAnswer = { ...(await registry.foldedDigest()) };
        return jsonAnswer(200, value);
      },
    }),
  ];
}

function forgetRoute(options: ClusterOptions): Route {
  const { registry, server, cluster: port } = options;
  return defineRoute({
    method: "post",
    path: "/v1/cluster/members/{name}/forget",
    operationId: "forgetMember",
    summary:
      "Says that a server is gone for good: no other waits for it any more. It may come back as a new one.",
    access: "ops",
    request: {
      params: memberParams,
      query: writeQuery,
      headers: operatedRepeatableHeaders,
      body: forgetting,
    },
    bodyOptional: true,
    refusals: ["member-not-found", "member-alive"],
    responses: { 200: { description: "The cluster without it.", schema: cluster } },
    handle: async ({ author, params: { name }, headers }) => {
      await reached(registry, headers);
      const seen = port.members().find((member) => member.name === name);
      // Whoever is named by `Rollcall-Peers-Unheard` can be forgotten: a suspect, too.
      const isHeard = seen?.state === "alive" || seen?.state === "starting";
      if (name === server.name || isHeard) throw new MemberAliveError(name);
      const heard = seen ? [seen.incarnation] : [];
      const position = await registry.membership.forget({ server: name, heard }, author());
      return jsonAnswer(200, clusterAnswer(options), positionHeader(position));
    },
  });
}

function clusterAnswer({ server, cluster: port }: ClusterOptions): ClusterAnswer {
  const { name, realm, version } = server;
  return { server: name, realm, version, members: [...port.members()] };
}
