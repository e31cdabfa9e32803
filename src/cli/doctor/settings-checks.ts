/** The settings in the environment, read by the code that `rollcall serve` reads them with. */
import { type Environment, readSettings, type Settings, SettingsError } from "../../server/settings.ts";
import type { Check } from "./check.ts";

export interface SettingsReport {
  readonly checks: readonly Check[];
  /** Undefined when they are not what `serve` would take. */
  readonly settings?: Settings;
}

/** Shorter ones are limited like everybody, as they could be guessed. */
const TOKEN_LENGTH_WANTED = 22;
const NEEDED = [
  "ROLLCALL_SERVER",
  "ROLLCALL_DATABASE_URL",
  "ROLLCALL_BROKER_URL",
  "ROLLCALL_CLUSTER_SECRET",
] as const;

/** Whether a server is to run in this environment at all. */
export function hasSettings(environment: Environment): boolean {
  return NEEDED.some((name) => environment[name] || environment[`${name}_FILE`]);
}

export function settingsReport(environment: Environment): SettingsReport {
  try {
    const settings = readSettings(environment);
    const found = `all that serve needs, as server ${settings.server} of realm ${settings.realm}`;
    return { settings, checks: [{ about: "settings", verdict: "ok", found }, ...warnings(settings)] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const todo = "Set it where the server is started, or a file by NAME_FILE: docs/settings.md.";
    return { checks: error.faults.map((found) => ({ about: "settings", verdict: "bad", found, todo })) };
  }
}

function warnings(settings: Settings): Check[] {
  const { opsToken, peerBrokerUrls, brokerUrl, allowOpenWrites, host, apiKeys, clusterSecrets } = settings;
  const check = (found: string, todo: string): Check => ({
    about: "settings",
    verdict: "warning",
    found,
    todo,
  });
  const others = peerBrokerUrls.filter((url) => url !== brokerUrl);
  const isShort = (token: string): boolean => token.length < TOKEN_LENGTH_WANTED;
  return [
    ...(opsToken === undefined
      ? [check("ROLLCALL_OPS_TOKEN is not set: operators' calls are closed", "Set it: openssl rand -hex 32.")]
      : []),
    ...([...apiKeys, opsToken ?? ""].some((token) => token !== "" && isShort(token))
      ? [
          check(
            `an API key or ROLLCALL_OPS_TOKEN has less than ${TOKEN_LENGTH_WANTED} characters, and is limited as one that is guessed`,
            "Make a longer one: openssl rand -hex 32.",
          ),
        ]
      : []),
    ...(others.length === 0
      ? [
          check(
            "ROLLCALL_PEER_BROKER_URLS names no other broker: this server hears only peers on its own",
            "Name the broker of each other server, comma-separated.",
          ),
        ]
      : []),
    ...(allowOpenWrites && !isLoopback(host)
      ? [
          check(
            `ROLLCALL_ALLOW_OPEN_WRITES is on, and ROLLCALL_HOST is ${host}: whoever reaches it may write`,
            "Turn it off wherever others can call.",
          ),
        ]
      : []),
    ...(clusterSecrets.length > 1
      ? [
          check(
            "ROLLCALL_CLUSTER_SECRET has two secrets, as while it is being changed",
            "Leave the new one alone once all servers have it.",
          ),
        ]
      : []),
  ];
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
