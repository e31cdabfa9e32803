/** The cluster, for its operators. */
import { jsonAnswer } from "./answer.ts";
import { type ClusterAnswer, cluster, type DigestAnswer, digest } from "./contract/cluster.ts";
import type { HttpOptions } from "./http-options.ts";
import { defineRoute, type Route } from "./route.ts";

export function clusterRoutes({ registry, server, cluster: port }: HttpOptions): Route[] {
  const { name, realm, version } = server;
  return [
    defineRoute({
      method: "get",
      path: "/v1/cluster",
      operationId: "readCluster",
      summary: "The members as this server sees them.",
      access: "ops",
      request: {},
      responses: { 200: { description: "The cluster.", schema: cluster } },
      handle: () => {
        const value: ClusterAnswer = { server: name, realm, version, members: [...port.members()] };
        return jsonAnswer(200, value);
      },
    }),
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
