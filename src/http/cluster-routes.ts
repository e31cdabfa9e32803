/** The cluster, for its operators. */

import { MemberAliveError } from "../registry/errors.ts";
import { jsonAnswer } from "./answer.ts";
import {
  type ClusterAnswer,
  type ClusterSamplesAnswer,
  cluster,
  clusterSamples,
  type DigestAnswer,
  digest,
  forgetting,
  memberParams,
  samplesQuery,
} from "./contract/cluster.ts";
import { operatedRepeatableHeaders } from "./contract/headers.ts";
import { writeQuery } from "./contract/position.ts";
import type { HttpOptions } from "./http-options.ts";
import { reached } from "./reach.ts";
import { positionHeader } from "./record-answer.ts";
import { defineRoute, type Route } from "./route.ts";
import { timeText } from "./time-text.ts";

type ClusterOptions = Pick<HttpOptions, "registry" | "server" | "cluster" | "samples">;

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
    samplesRoute(options),
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

function samplesRoute({ server, samples }: ClusterOptions): Route {
  return defineRoute({
    method: "get",
    path: "/v1/cluster/samples",
    operationId: "listClusterSamples",
    summary: "How the cluster looked to this server in the last four hours, every five seconds.",
    access: "ops",
    request: { query: samplesQuery },
    responses: { 200: { description: "The samples.", schema: clusterSamples } },
    compressed: true,
    handle: ({ query: { since } }) => {
      const later = samples().filter(({ atMs }) => since === undefined || atMs > since);
      const items = later.map(({ atMs, members, ...sample }) => {
        return { at: timeText(atMs), ...sample, members: [...members] };
      });
      const value: ClusterSamplesAnswer = { server: server.name, items };
      return jsonAnswer(200, value);
    },
  });
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

function clusterAnswer({ registry, server, cluster: port }: ClusterOptions): ClusterAnswer {
  const { name, realm, version } = server;
  const database = registry.condition().mode;
  return { server: name, realm, version, database, members: [...port.members()] };
}
