/**
 * Whether a broker can be used as a server would: reached, on its channels, with room for what subscribers have not
 * read yet, and closed to strangers. The connection is made by the code that servers dial with.
 */
import type { Redis } from "ioredis";
import { type BrokerAddress, parseBrokerUrl } from "../../gossip/broker-url.ts";
import { brokerFault, dialRedis } from "../../gossip/redis-dial.ts";
import type { Settings } from "../../server/settings.ts";
import { type Check, clockCheck } from "./check.ts";
import { isLoopback } from "./settings-checks.ts";

const TIMEOUT_MS = 5_000;
/** What Redis has when nobody changes it: servers are made for it. */
const BUFFER = { hardBytes: 32 * 1_048_576, softBytes: 8 * 1_048_576, softSeconds: 60 };
const BUFFER_WANTED = '"pubsub 32mb 8mb 60"';

/** Each broker that the settings name, once. */
export async function brokerChecks({ brokerUrl, peerBrokerUrls, realm }: Settings): Promise<Check[]> {
  const addresses = new Map(
    [brokerUrl, ...peerBrokerUrls].map(parseBrokerUrl).map((address) => [address.shown, address]),
  );
  const own = parseBrokerUrl(brokerUrl).shown;
  const looks = [...addresses.values()].map((address) =>
    checksOf(address, address.shown === own ? "own broker" : "peer's broker", realm),
  );
  return (await Promise.all(looks)).flat();
}

async function checksOf(address: BrokerAddress, whose: string, realm: string): Promise<Check[]> {
  const name = `${whose} ${address.shown}`;
  const channel = `rollcall:{${realm}}:doctor`;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), TIMEOUT_MS);
  try {
    const redis = await dialed(address, channel, ended.signal);
    const askedMs = Date.now();
    const [seconds, micros] = await redis.time().catch(() => []);
    const answeredMs = Date.now();
    const buffer = await configOf(redis, "client-output-buffer-limit");
    const bind = await configOf(redis, "bind");
    const isOpen = await takesAnybody(address, channel, ended.signal);
    const checks = [bufferCheck(name, buffer), openCheck(name, { isOpen, bind, ...address })];
    if (seconds !== undefined) {
      const theirsMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
      checks.push(clockCheck("broker", name, { theirsMs, askedMs, answeredMs }));
    }
    // A connection that subscribes can do nothing else.
    return [await channelCheck(redis, { name, channel, cluster: address.cluster }), ...checks];
  } catch (error) {
    return [unreachable(name, ended.signal.aborted ? "TIMEOUT" : brokerFault(error))];
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function dialed(address: BrokerAddress, channel: string, signal: AbortSignal): Promise<Redis> {
  return dialRedis({
    ...{ address, channel, signal, startAt: 0, connectTimeoutMs: TIMEOUT_MS },
    ...{ connectionName: "rollcall-doctor", unfinished: new Set<Redis>() },
  });
}

async function channelCheck(
  redis: Redis,
  { name, channel, cluster }: { readonly name: string; readonly channel: string; readonly cluster: boolean },
): Promise<Check> {
  try {
    await redis.ping();
    if (cluster) await redis.spublish(channel, "");
    else await redis.publish(channel, "");
    if (cluster) await redis.ssubscribe(channel);
    else await redis.subscribe(channel);
    return { about: "broker", verdict: "ok", found: `${name} publishes and subscribes` };
  } catch (error) {
    return unreachable(name, brokerFault(error));
  }
}

/** Undefined where the broker does not tell. */
async function configOf(redis: Redis, key: string): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config("GET", key)) as string[];
    return value;
  } catch {
    // Many providers close CONFIG: what it would say stays unknown.
    return undefined;
  }
}

/** Whether it does as it is told by who has no password. */
async function takesAnybody(
  { username: _username, password: _password, ...bare }: BrokerAddress,
  channel: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const redis = await dialed(bare, channel, signal);
    return (await redis.ping()) === "PONG";
  } catch {
    return false;
  }
}

/** `normal 0 0 0 slave … pubsub <hard> <soft> <seconds>` in bytes, 0 for no limit. */
export function bufferCheck(name: string, limits: string | undefined): Check {
  const [, hard, soft, seconds] = /pubsub (\d+) (\d+) (\d+)/.exec(limits ?? "") ?? [];
  if (hard === undefined || soft === undefined || seconds === undefined) {
    return { about: "broker", verdict: "ok", found: `${name} does not tell its client-output-buffer-limit` };
  }
  const found = `${name} has client-output-buffer-limit pubsub ${hard} ${soft} ${seconds}`;
  const set = `redis-cli config set client-output-buffer-limit ${BUFFER_WANTED}, and the same in redis.conf.`;
  if (hard === "0" && soft === "0") {
    const todo = `A subscriber that hangs would fill its memory: ${set}`;
    return { about: "broker", verdict: "warning", found, todo };
  }
  const isNarrow = (limit: string, wanted: number): boolean => limit !== "0" && Number(limit) < wanted;
  const softIsNarrow =
    isNarrow(soft, BUFFER.softBytes) || (soft !== "0" && Number(seconds) < BUFFER.softSeconds);
  if (!isNarrow(hard, BUFFER.hardBytes) && !softIsNarrow) return { about: "broker", verdict: "ok", found };
  const todo = `Servers that are slow for a moment are cut off: ${set}`;
  return { about: "broker", verdict: "warning", found, todo };
}

export function openCheck(
  name: string,
  {
    isOpen,
    bind,
    nodes,
  }: Pick<BrokerAddress, "nodes"> & { readonly isOpen: boolean; readonly bind: string | undefined },
): Check {
  if (!isOpen) return { about: "broker", verdict: "ok", found: `${name} wants a password` };
  const bound = (bind ?? "").split(/\s+/).filter((host) => host !== "");
  const isLocal = bound.length > 0 && bound.every((host) => isLoopback(host.replace(/^-/, "")));
  if (isLocal && nodes.every(({ host }) => isLoopback(host))) {
    return { about: "broker", verdict: "ok", found: `${name} is for this machine alone` };
  }
  return {
    ...{
      about: "broker",
      verdict: "warning",
      found: `${name} lets in anybody who reaches it, without a password`,
    },
    todo: "Set requirepass, or users by ACL (docs/settings.md), and a firewall that lets in members alone.",
  };
}

const TODO: Readonly<Record<string, string>> = {
  TIMEOUT: "It does not answer: see whether it hangs, or a firewall drops what is sent to it.",
  ECONNREFUSED: "Nothing listens there: start Redis, or mend the URL.",
  ENOTFOUND: "No such host: mend the URL.",
  WRONGPASS: "User or password is wrong: mend the URL, or the access list.",
  NOAUTH: "It wants a password: redis://user:password@host.",
  NOPERM:
    "Its access list lacks a right: +subscribe +publish +ping &rollcall:{<realm>}:*, as docs/settings.md says.",
  DENIED: "Protected mode refuses other machines: set a password, or bind it to an address of theirs.",
};

function unreachable(name: string, fault: string): Check {
  const todo =
    TODO[fault.replace(/^-/, "")] ?? "See whether it runs, and what its log says; then mend the URL.";
  return { about: "broker", verdict: "bad", found: `${name} cannot be used: ${fault}`, todo };
}
