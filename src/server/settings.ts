/**
 * Settings come from the environment; each also as NAME_FILE, naming a file that holds the value.
 *
 * Parsed once, here. What is missing or malformed is one error that names every setting at fault.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { RollcallError } from "../../crdt/errors.ts";
import { SERVER_NAME } from "../../crdt/server-name.ts";
import { BrokerUrlError, parseBrokerUrl } from "../gossip/broker-url.ts";
import { type OidcIssuerSettings, oidcIssuers } from "./oidc-settings.ts";

export class SettingsError extends RollcallError {
  readonly code = "settings";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("; "));
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const SECRET_BYTES_MIN = 32;
const SECRETS_MAX = 2;
const PORT_MAX = 65_535;
/** Shorter ones are guessed. */
const API_KEY_LENGTH_MIN = 16;
const RATE_WANTED = "a number of requests a minute, or off";
const CONNECTIONS_WANTED = "a whole number, 1 or more";
const PORT_WANTED = `a whole number from 0 to ${PORT_MAX}`;

const list = z
  .string()
  .transform((text) => text.split(",").map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ""));
const onOff = z.enum(["on", "off"], "on or off").transform((value) => value === "on");
/** A comma begins a new address only before a scheme: a cluster's address has commas of its own. */
const urls = z
  .string()
  .transform((text) => text.split(/,(?=\s*[a-z+]+:\/\/)/).map((url) => url.trim()))
  .transform((items) => items.filter((item) => item !== ""));
const name = z.string().regex(SERVER_NAME, "1 to 63 letters, digits, '.', '_' or '-'");
const brokerUrl = z
  .string()
  .refine((text) => isBrokerUrl(text), "a URL redis://, rediss:// or redis+cluster://");
const databaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), "a URL postgres://");
const origins = list
  .refine(areOrigins, "origins like https://game.example, comma-separated, or *")
  .transform((items) => (items[0] === "*" ? ("*" as const) : items));
const bearer = z
  .string()
  .regex(/^[\x21-\x7e]{1,512}$/, "visible ASCII characters without spaces, 512 at most");

const port = z.coerce.number(PORT_WANTED).int(PORT_WANTED).min(0, PORT_WANTED).max(PORT_MAX, PORT_WANTED);
const apiKey = bearer.min(API_KEY_LENGTH_MIN, `keys of at least ${API_KEY_LENGTH_MIN} characters`);

const SETTINGS = {
  ROLLCALL_SERVER: { schema: name },
  ROLLCALL_REALM: { schema: name, fallback: "default" },
  ROLLCALL_HOST: {
    schema: z.string().regex(/^[0-9A-Za-z.:-]+$/, "a host name or address"),
    fallback: "127.0.0.1",
  },
  ROLLCALL_PORT: { schema: port, fallback: "7400" },
  ROLLCALL_DATABASE_URL: { schema: databaseUrl, show: showDatabaseUrl },
  ROLLCALL_BROKER_URL: { schema: brokerUrl, show: showBrokerUrls },
  ROLLCALL_PEER_BROKER_URLS: { schema: urls.pipe(z.array(brokerUrl)), fallback: "", show: showBrokerUrls },
  ROLLCALL_CLUSTER_SECRET: {
    schema: list.pipe(
      z
        .array(z.string().refine(longEnough, `at least ${SECRET_BYTES_MIN} bytes`))
        .min(1, `at least ${SECRET_BYTES_MIN} bytes`)
        .max(SECRETS_MAX, "two at most"),
    ),
    show: hide,
  },
  ROLLCALL_API_KEYS: { schema: list.pipe(z.array(apiKey)), fallback: "", show: hide },
  ROLLCALL_OPS_TOKEN: { schema: bearer.optional(), show: hide },
  ROLLCALL_OIDC_ISSUERS: { schema: oidcIssuers, fallback: "", show: showIssuers },
  ROLLCALL_RATE_LIMIT: {
    schema: z.union(
      [z.literal("off"), z.coerce.number(RATE_WANTED).int(RATE_WANTED).min(1, RATE_WANTED)],
      RATE_WANTED,
    ),
    fallback: "600",
  },
  ROLLCALL_CONNECTIONS_MAX: {
    schema: z.coerce.number(CONNECTIONS_WANTED).int(CONNECTIONS_WANTED).min(1, CONNECTIONS_WANTED),
    fallback: "10000",
  },
  ROLLCALL_ALLOWED_ORIGINS: { schema: origins, fallback: "" },
  ROLLCALL_LOG_LEVEL: {
    schema: z.enum(
      ["fatal", "error", "warn", "info", "debug", "trace"],
      "fatal, error, warn, info, debug or trace",
    ),
    fallback: "info",
  },
  ROLLCALL_LOG_FORMAT: { schema: z.enum(["json", "pretty"], "json or pretty"), fallback: "json" },
  ROLLCALL_NOTIFY: { schema: onOff, fallback: "on" },
  ROLLCALL_ALLOW_OPEN_WRITES: { schema: onOff, fallback: "off" },
  ROLLCALL_ALLOW_UNSAFE_DATABASE: { schema: onOff, fallback: "off" },
} as const satisfies Record<string, Setting>;

interface Setting {
  readonly schema: z.ZodType;
  readonly fallback?: string;
  /** How the parsed value may be shown; as it is, when absent. */
  readonly show?: (value: never) => string;
}

type SettingName = keyof typeof SETTINGS;
type Parsed = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]["schema"]> };

export interface Settings {
  readonly server: string;
  readonly realm: string;
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly brokerUrl: string;
  readonly peerBrokerUrls: readonly string[];
  /** The first seals and signs, any opens and verifies. */
  readonly clusterSecrets: readonly string[];
  readonly apiKeys: readonly string[];
  readonly opsToken: string | undefined;
  readonly oidcIssuers: readonly OidcIssuerSettings[];
  /** Requests a minute, by address and by player. */
  readonly rateLimitPerMinute: number | "off";
  /** Open at a time, of all clients together. */
  readonly connectionsMax: number;
  /** Whose pages may call from browsers, besides the server's own. */
  readonly allowedOrigins: readonly string[] | "*";
  readonly logLevel: string;
  readonly logFormat: "json" | "pretty";
  /** PostgreSQL tells who listens on `rollcall_change` what was changed. */
  readonly notify: boolean;
  /** Whoever sends no token may write like a key. */
  readonly allowOpenWrites: boolean;
  readonly allowUnsafeDatabase: boolean;
  /** Every setting as it may be shown: secrets hidden. */
  readonly shown: Readonly<Record<string, string>>;
}

/** @throws SettingsError naming every missing or malformed setting. */
export function readSettings(environment: Environment): Settings {
  const faults: string[] = [];
  const shown: Record<string, string> = {};
  const values = {} as Record<string, unknown>;
  for (const [key, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const text = readText(environment, key, faults) ?? setting.fallback;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) {
      values[key] = parsed.data;
      shown[key] = shownValue(text, parsed.data, setting);
    } else if (!faults.some((fault) => fault.startsWith(key))) {
      const wanted = parsed.error.issues.map(({ message }) => message).join(", ");
      faults.push(text === undefined ? `${key} is not set` : `${key} is malformed: expected ${wanted}`);
    }
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return toSettings(values as unknown as Parsed, shown);
}

function toSettings(parsed: Parsed, shown: Record<string, string>): Settings {
  return {
    server: parsed.ROLLCALL_SERVER,
    realm: parsed.ROLLCALL_REALM,
    host: parsed.ROLLCALL_HOST,
    port: parsed.ROLLCALL_PORT,
    databaseUrl: parsed.ROLLCALL_DATABASE_URL,
    brokerUrl: parsed.ROLLCALL_BROKER_URL,
    peerBrokerUrls: parsed.ROLLCALL_PEER_BROKER_URLS,
    clusterSecrets: parsed.ROLLCALL_CLUSTER_SECRET,
    apiKeys: parsed.ROLLCALL_API_KEYS,
    opsToken: parsed.ROLLCALL_OPS_TOKEN,
    oidcIssuers: parsed.ROLLCALL_OIDC_ISSUERS,
    rateLimitPerMinute: parsed.ROLLCALL_RATE_LIMIT,
    connectionsMax: parsed.ROLLCALL_CONNECTIONS_MAX,
    allowedOrigins: parsed.ROLLCALL_ALLOWED_ORIGINS,
    logLevel: parsed.ROLLCALL_LOG_LEVEL,
    logFormat: parsed.ROLLCALL_LOG_FORMAT,
    notify: parsed.ROLLCALL_NOTIFY,
    allowOpenWrites: parsed.ROLLCALL_ALLOW_OPEN_WRITES,
    allowUnsafeDatabase: parsed.ROLLCALL_ALLOW_UNSAFE_DATABASE,
    shown,
  };
}

/** The variable itself, or the content of the file that NAME_FILE names. An empty one counts as not set. */
function readText(environment: Environment, key: string, faults: string[]): string | undefined {
  const file = environment[`${key}_FILE`];
  if (!file) return environment[key] || undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    faults.push(`${key}_FILE names a file that cannot be read: ${file}`);
    return undefined;
  }
}

/** Made of what was parsed, so that no part of a secret can be overlooked. */
function shownValue(text: string | undefined, value: unknown, { show }: Setting): string {
  if (text === undefined || text === "") return "(not set)";
  return show ? show(value as never) : text;
}

function hide(_value: unknown): string {
  return "(hidden)";
}

function showDatabaseUrl(value: string): string {
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//(hidden)@${host}${pathname}`;
}

function showBrokerUrls(value: string | readonly string[]): string {
  return [value]
    .flat()
    .map((url) => parseBrokerUrl(url).shown)
    .join(",");
}

function showIssuers(issuers: readonly OidcIssuerSettings[]): string {
  return issuers.map(({ name, issuer }) => `${name} (${issuer})`).join(", ");
}

function isBrokerUrl(text: string): boolean {
  try {
    parseBrokerUrl(text);
    return true;
  } catch (error) {
    if (error instanceof BrokerUrlError) return false;
    throw error;
  }
}

/** As browsers send them: without a path, the host in lower case, no port that goes without saying. */
function areOrigins(items: readonly string[]): boolean {
  return (items.length === 1 && items[0] === "*") || items.every(isOrigin);
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host } = new URL(text);
  return host !== "" && text === `${protocol}//${host}`;
}

function longEnough(secret: string): boolean {
  return Buffer.byteLength(secret) >= SECRET_BYTES_MIN;
}
