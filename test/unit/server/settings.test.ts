import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings, SettingsError } from "../../../src/server/settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NEEDED = {
  ROLLCALL_SERVER: "eu-1",
  ROLLCALL_DATABASE_URL: "postgres://rollcall:pass-word@127.0.0.1:5432/rollcall",
  ROLLCALL_BROKER_URL: "redis://:pass-word@127.0.0.1:6379",
  ROLLCALL_CLUSTER_SECRET: SECRET,
};

const ISSUER = {
  name: "example",
  issuer: "https://id.example",
  audience: "game",
  keys: "/var/lib/rollcall/example.json",
};

/** Issuers that differ from a good one in this. */
function issuers(...differences: object[]): string {
  return JSON.stringify(differences.map((difference) => ({ ...ISSUER, ...difference })));
}

function faultsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test("[SET1] the needed settings suffice; the others have their documented defaults", () => {
  const { shown: _, ...settings } = readSettings(NEEDED);
  expect(settings).toEqual({
    server: "eu-1",
    realm: "default",
    host: "127.0.0.1",
    port: 7400,
    databaseUrl: NEEDED.ROLLCALL_DATABASE_URL,
    brokerUrl: NEEDED.ROLLCALL_BROKER_URL,
    peerBrokerUrls: [],
    clusterSecrets: [SECRET],
    apiKeys: [],
    opsToken: undefined,
    oidcIssuers: [],
    rateLimitPerMinute: 600,
    connectionsMax: 10_000,
    allowedOrigins: [],
    logLevel: "info",
    logFormat: "json",
    notify: true,
    allowOpenWrites: false,
    allowUnsafeDatabase: false,
  });
});

test.each(Object.keys(NEEDED))("[SET2] without %s there is one fault, which names it", (name) => {
  expect(faultsOf({ ...NEEDED, [name]: undefined })).toEqual([`${name} is not set`]);
  expect(faultsOf({ ...NEEDED, [name]: "" })).toEqual([`${name} is not set`]);
});

test.each([
  ["ROLLCALL_SERVER", "eu 1"],
  ["ROLLCALL_REALM", "a/b"],
  ["ROLLCALL_HOST", "http://x"],
  ["ROLLCALL_PORT", "70000"],
  ["ROLLCALL_PORT", "many"],
  ["ROLLCALL_DATABASE_URL", "mysql://127.0.0.1/x"],
  ["ROLLCALL_BROKER_URL", "127.0.0.1:6379"],
  ["ROLLCALL_BROKER_URL", "redis://127.0.0.1:1/abc"],
  ["ROLLCALL_PEER_BROKER_URLS", "redis://127.0.0.1:1,http://127.0.0.1:2"],
  ["ROLLCALL_CLUSTER_SECRET", "too short"],
  ["ROLLCALL_CLUSTER_SECRET", `${SECRET},short`],
  ["ROLLCALL_CLUSTER_SECRET", `${SECRET},${SECRET},${SECRET}`],
  ["ROLLCALL_API_KEYS", "a key with spaces"],
  ["ROLLCALL_OPS_TOKEN", "a token with spaces"],
  ["ROLLCALL_OIDC_ISSUERS", "https://id.example"],
  ["ROLLCALL_OIDC_ISSUERS", "{}"],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ name: "device" })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ name: "oidc" })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ issuer: "example" })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ audience: [] })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ keysUrl: "http://id.example/keys" })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({ secret: "x" })],
  ["ROLLCALL_OIDC_ISSUERS", issuers({}, {})],
  ["ROLLCALL_OIDC_ISSUERS", issuers({}, { name: "other" })],
  ["ROLLCALL_RATE_LIMIT", "0"],
  ["ROLLCALL_RATE_LIMIT", "unlimited"],
  ["ROLLCALL_CONNECTIONS_MAX", "0"],
  ["ROLLCALL_ALLOWED_ORIGINS", "game.example"],
  ["ROLLCALL_ALLOWED_ORIGINS", "https://game.example/"],
  ["ROLLCALL_ALLOWED_ORIGINS", "https://Game.example"],
  ["ROLLCALL_ALLOWED_ORIGINS", "https://game.example:443"],
  ["ROLLCALL_ALLOWED_ORIGINS", "null"],
  ["ROLLCALL_ALLOWED_ORIGINS", "https://game.example,*"],
  ["ROLLCALL_LOG_LEVEL", "loud"],
  ["ROLLCALL_LOG_FORMAT", "xml"],
  ["ROLLCALL_NOTIFY", "yes"],
  ["ROLLCALL_ALLOW_OPEN_WRITES", "yes"],
  ["ROLLCALL_ALLOW_UNSAFE_DATABASE", "1"],
])("[SET2] %s=%s is refused by one fault, which names it and not its value", (name, value) => {
  const faults = faultsOf({ ...NEEDED, [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${name} is malformed: expected `));
});

test.each([
  ["*", "*"],
  ["https://game.example, http://127.0.0.1:5173", ["https://game.example", "http://127.0.0.1:5173"]],
  ["capacitor://localhost", ["capacitor://localhost"]],
])("[SET1] origins are a list, or all: %s", (text, origins) => {
  expect(readSettings({ ...NEEDED, ROLLCALL_ALLOWED_ORIGINS: text }).allowedOrigins).toEqual(origins);
});

test.each([
  ["ROLLCALL_API_KEYS", "a", "keys of at least 16 characters"],
  ["ROLLCALL_API_KEYS", "a-key-of-a-back-end,fifteen-letters", "keys of at least 16 characters"],
  ["ROLLCALL_PORT", "99999", "a whole number from 0 to 65535"],
  ["ROLLCALL_PORT", "-1", "a whole number from 0 to 65535"],
  ["ROLLCALL_PORT", "74.5", "a whole number from 0 to 65535"],
  ["ROLLCALL_PORT", "many", "a whole number from 0 to 65535"],
  ["ROLLCALL_CONNECTIONS_MAX", "0", "a whole number, 1 or more"],
  ["ROLLCALL_CONNECTIONS_MAX", "1.5", "a whole number, 1 or more"],
  ["ROLLCALL_RATE_LIMIT", "0", "a number of requests a minute, or off"],
  ["ROLLCALL_OPS_TOKEN", "with space", "visible ASCII characters without spaces, 512 at most"],
  ["ROLLCALL_API_KEYS", "a key with many spaces", "visible ASCII characters without spaces, 512 at most"],
])("[SET2] %s=%s is refused with the bounds", (name, value, wanted) => {
  expect(faultsOf({ ...NEEDED, [name]: value })).toEqual([`${name} is malformed: expected ${wanted}`]);
});

test("[SET2] every fault is told at once", () => {
  expect(faultsOf({ ROLLCALL_PORT: "many" })).toHaveLength(5);
});

test("[SET3] a setting may stand in a file that NAME_FILE names; one that cannot be read is a fault", () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-settings-"));
  try {
    const file = join(folder, "secret");
    writeFileSync(file, `${SECRET}\n`);
    const { ROLLCALL_CLUSTER_SECRET: _, ...others } = NEEDED;
    expect(readSettings({ ...others, ROLLCALL_CLUSTER_SECRET_FILE: file }).clusterSecrets).toEqual([SECRET]);
    expect(faultsOf({ ...others, ROLLCALL_CLUSTER_SECRET_FILE: join(folder, "none") })).toEqual([
      `ROLLCALL_CLUSTER_SECRET_FILE names a file that cannot be read: ${join(folder, "none")}`,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("[SET4] what is shown has no secret in it", () => {
  const { shown } = readSettings({
    ...NEEDED,
    ROLLCALL_PEER_BROKER_URLS: "redis://:pass-word@10.0.0.1:6379,rediss://user:pass-word@10.0.0.2:6379",
    ROLLCALL_API_KEYS: "pass-word-number-1,pass-word-number-2",
    ROLLCALL_OPS_TOKEN: "pass-word",
  });
  expect(JSON.stringify(shown)).not.toContain("pass-word");
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(shown.ROLLCALL_PEER_BROKER_URLS).toContain("10.0.0.2");
});

test.each([
  ["ROLLCALL_DATABASE_URL", "postgres://rollcall:pass%40word@127.0.0.1/rollcall"],
  ["ROLLCALL_DATABASE_URL", "postgres://rollcall:pass@word@127.0.0.1/rollcall"],
  ["ROLLCALL_DATABASE_URL", "postgres://127.0.0.1/rollcall?user=rollcall&password=word"],
  ["ROLLCALL_BROKER_URL", "redis://user:pass%40word@127.0.0.1:6379"],
])("[SET4] %s=%s is shown without its password", (name, value) => {
  const shown = readSettings({ ...NEEDED, [name]: value }).shown[name];
  expect(shown).toContain("127.0.0.1");
  expect(shown).not.toContain("word");
});

test("[SET1] issuers of ID tokens are a list in JSON", () => {
  const other = { name: "other", issuer: "https://other.example", audience: ["a", "b"] };
  const fetched = { keysUrl: "https://id.example/keys" };
  const { oidcIssuers, shown } = readSettings({ ...NEEDED, ROLLCALL_OIDC_ISSUERS: issuers(fetched, other) });
  expect(oidcIssuers).toEqual([
    { ...ISSUER, ...fetched },
    { ...ISSUER, ...other },
  ]);
  expect(shown.ROLLCALL_OIDC_ISSUERS).toBe("example (https://id.example), other (https://other.example)");
});

test("[SET2] what is wrong with an issuer is told by its place", () => {
  const [fault] = faultsOf({ ...NEEDED, ROLLCALL_OIDC_ISSUERS: issuers({}, { name: "B", keys: 1 }) });
  expect(fault).toMatch(/look at 1\/name, 1\/keys$/);
});

test("[SET1] the addresses of clusters keep their own commas", () => {
  const peers = "redis+cluster://10.0.0.1:1,10.0.0.2:1, redis://10.0.0.3:1";
  expect(readSettings({ ...NEEDED, ROLLCALL_PEER_BROKER_URLS: peers }).peerBrokerUrls).toEqual([
    "redis+cluster://10.0.0.1:1,10.0.0.2:1",
    "redis://10.0.0.3:1",
  ]);
});
