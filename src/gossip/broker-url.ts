/**
 * The address of a broker: `redis://`, `rediss://` (TLS), and `redis+cluster://` or `rediss+cluster://` with one
 * or more nodes to start from. Form: `scheme://[user[:password]@]host[:port][,host[:port]…]`.
 *
 * Invariants: `shown` and every error message are free of credentials; two addresses of one broker that differ
 * in case, default port, order of nodes or credentials have the same `shown`. A database number is accepted and
 * ignored, since channels belong to no database.
 */
import { RollcallError } from "../../crdt/errors.ts";

const PORT_DEFAULT = 6379;

export interface BrokerNode {
  readonly host: string;
  readonly port: number;
}

export interface BrokerAddress {
  /** Whether channels are sharded over the nodes of a Redis Cluster. */
  readonly cluster: boolean;
  readonly tls: boolean;
  /** At least one; exactly one unless it is a cluster. */
  readonly nodes: readonly BrokerNode[];
  readonly username?: string;
  readonly password?: string;
  /** The normalised address without credentials: for people, and to tell brokers apart. */
  readonly shown: string;
}

export class BrokerUrlError extends RollcallError {
  readonly code = "broker-url";
}

const PATTERN = /^(redis|rediss)(\+cluster)?:\/\/(?:(.*)@)?([^@/?#]+)(?:\/\d*)?$/i;
const NODE_PATTERN = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i;

/** @throws BrokerUrlError when the text is no address of a broker. */
export function parseBrokerUrl(text: string): BrokerAddress {
  const match = PATTERN.exec(text);
  const [, scheme = "", clusterSuffix, credentials, nodesText] = match ?? [];
  if (!match || !nodesText) {
    throw new BrokerUrlError("a broker is redis[s]://[user:password@]host[:port] or redis[s]+cluster://…");
  }
  const tls = scheme.toLowerCase() === "rediss";
  const cluster = clusterSuffix !== undefined;
  const nodes = nodesText.split(",").map(parseNode);
  if (nodes.length > 1 && !cluster) {
    throw new BrokerUrlError("only a redis+cluster:// or rediss+cluster:// address has several nodes");
  }
  const shownNodes = nodes.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`);
  const shown = `redis${tls ? "s" : ""}${cluster ? "+cluster" : ""}://${shownNodes.sort().join(",")}`;
  return { cluster, tls, nodes, shown, ...parseCredentials(credentials) };
}

function parseNode(text: string): BrokerNode {
  const [, host = "", port = String(PORT_DEFAULT)] = NODE_PATTERN.exec(text) ?? [];
  if (host === "" || Number(port) < 1 || Number(port) > 65_535) {
    // Not shown: where the "@" is forgotten, the credentials stand here.
    throw new BrokerUrlError("a node of a broker's address is no host[:port]");
  }
  return { host: host.toLowerCase().replace(/^\[|\]$/g, ""), port: Number(port) };
}

function parseCredentials(text: string | undefined): { username?: string; password?: string } {
  if (!text) return {};
  const colon = text.indexOf(":");
  try {
    const username = decodeURIComponent(colon === -1 ? text : text.slice(0, colon));
    const password = colon === -1 ? "" : decodeURIComponent(text.slice(colon + 1));
    return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
  } catch (cause) {
    throw new BrokerUrlError("the credentials of a broker's address are not percent-encoded", { cause });
  }
}
