import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { IssuerKeys } from "../../../src/server/issuer-keys.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

const MINUTE_MS = 60_000;

interface Signer {
  /** A key set with the public key. */
  readonly text: string;
  readonly token: string;
}

let first: Signer;
let second: Signer;
beforeAll(async () => {
  [first, second] = await Promise.all([signer("first"), signer("second")]);
});

async function signer(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const token = await new SignJWT({}).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
  return { text: JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid }] }), token };
}

/** An issuer whose answer is set; undefined: it is down. */
let answer: { status?: number; text: string } | undefined;
let asked: number;
let issuer: Server;
let folder: TemporaryFolder;
let file: string;
let nowMs: number;
let tick: () => void;
let troubles: unknown[];
let running: IssuerKeys[];

beforeEach(async () => {
  answer = { text: first.text };
  [asked, nowMs, troubles, running] = [0, 0, [], []];
  folder = await temporaryFolder("issuer-keys");
  file = join(folder.path, "keys.json");
  issuer = createServer((request, response) => {
    asked++;
    if (!answer) request.socket.destroy();
    else response.writeHead(answer.status ?? 200).end(answer.text);
  });
  await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await Promise.all(running.map((keys) => keys.stop()));
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
  await folder.remove();
});

/** The keys of a server that starts. What it has under way ends with `stop`, after which it can be told of time. */
async function startKeys({ fetched = true } = {}): Promise<IssuerKeys> {
  const { port } = issuer.address() as AddressInfo;
  const keys = new IssuerKeys({
    issuer: {
      name: "example",
      issuer: "https://id.example",
      audience: "game",
      keys: file,
      keysUrl: fetched ? `http://127.0.0.1:${port}/` : undefined,
    },
    clock: {
      monotonicMs: () => nowMs,
      every: (_ms, call) => {
        tick = call;
        return () => undefined;
      },
    },
    onTrouble: (error) => troubles.push(error),
  });
  await keys.load();
  keys.start();
  running.push(keys);
  return keys;
}

async function verifies(keys: IssuerKeys, { token }: Signer): Promise<boolean> {
  const known = keys.keys();
  return (
    known !== undefined &&
    jwtVerify(token, known).then(
      () => true,
      () => false,
    )
  );
}

test("[SES7] keys that were fetched once are there after a restart, although the issuer is down", async () => {
  const before = await startKeys();
  expect(await verifies(before, first)).toBe(false);
  await before.stop();
  expect([await verifies(before, first), readFileSync(file, "utf8")]).toEqual([true, first.text]);
  answer = undefined;
  const restarted = await startKeys();
  expect(await verifies(restarted, first)).toBe(true);
  await restarted.stop();
  expect(troubles).toMatchObject([{ code: "issuer-keys" }]);
  expect(await verifies(restarted, first)).toBe(true);
  expect(readdirSync(folder.path)).toEqual(["keys.json"]);
});

test("[SES7] an issuer's failure is reported, and the keys stay; it is asked again in a minute", async () => {
  const keys = await startKeys();
  await keys.stop();
  for (const failure of [
    undefined,
    { status: 500, text: second.text },
    { text: "<html>" },
    { text: "{}" },
    { text: '{"keys":[]}' },
    { text: `${second.text}${" ".repeat(300_000)}` },
  ]) {
    answer = failure;
    const before = troubles.length;
    nowMs += 15 * MINUTE_MS;
    tick();
    await keys.stop();
    expect(troubles).toHaveLength(before + 1);
    expect(await verifies(keys, first)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(first.text);
  }
  answer = { text: second.text };
  nowMs += MINUTE_MS;
  tick();
  await keys.stop();
  expect([await verifies(keys, first), await verifies(keys, second)]).toEqual([false, true]);
});

test("[SES7] they are asked for every quarter of an hour, or a minute after the last time when a key is missed", async () => {
  const keys = await startKeys();
  await keys.stop();
  answer = { text: second.text };
  nowMs = MINUTE_MS - 1;
  for (let times = 0; times < 3; times++) keys.refresh();
  tick();
  await keys.stop();
  expect(asked).toBe(1);
  nowMs = MINUTE_MS;
  for (let times = 0; times < 3; times++) keys.refresh();
  await keys.stop();
  expect([asked, await verifies(keys, second)]).toEqual([2, true]);
  nowMs += 15 * MINUTE_MS - 1;
  tick();
  await keys.stop();
  expect(asked).toBe(2);
  nowMs += 1;
  tick();
  await keys.stop();
  expect(asked).toBe(3);
});

test("[SES7] a file that somebody else keeps has to be there, and is read again", async () => {
  await expect(startKeys({ fetched: false })).rejects.toMatchObject({ code: "issuer-keys" });
  writeFileSync(file, first.text);
  const keys = await startKeys({ fetched: false });
  expect(await verifies(keys, first)).toBe(true);
  await keys.stop();
  writeFileSync(file, second.text);
  nowMs += 15 * MINUTE_MS;
  tick();
  await keys.stop();
  expect([await verifies(keys, second), asked]).toEqual([true, 0]);
});
