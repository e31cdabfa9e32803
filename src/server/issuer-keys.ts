/**
 * The keys of an OpenID Connect issuer, in a file of this server. Where the issuer's URL of them is set, they are
 * fetched in the background, now and then, and written to the file: what was fetched once is there after a restart
 * too, and a failure leaves the keys as they were. Without a URL, somebody else keeps the file, and it is read again.
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import { RollcallError } from "../../crdt/errors.ts";
import type { Clock } from "../gossip/clock.ts";
import type { OidcIssuer } from "../http/sessions/id-tokens.ts";
import type { OidcIssuerSettings } from "./oidc-settings.ts";

/** The keys of an issuer could not be had, or are none. */
class IssuerKeysError extends RollcallError {
  readonly code = "issuer-keys";
}

export interface IssuerKeysOptions {
  readonly issuer: OidcIssuerSettings;
  readonly clock: Pick<Clock, "every" | "monotonicMs">;
  readonly onTrouble: (error: unknown) => void;
}

/** Issuers publish new keys hours or days before they sign with them. */
const REFRESH_MS = 15 * 60_000;
/** After a failure, and after a token with a key that is not known. */
const RETRY_MS = 60_000;
const FETCH_WITHIN_MS = 10_000;
/** A hundred times what issuers have. */
const BYTES_MAX = 256 * 1_024;

export class IssuerKeys implements OidcIssuer {
  readonly name: string;
  readonly url: string;
  readonly audiences: readonly string[];
  readonly #options: IssuerKeysOptions;
  #keys: JWTVerifyGetKey | undefined;
  #attemptedMs = Number.NEGATIVE_INFINITY;
  #isCurrent = false;
  #updating: Promise<void> | undefined;
  #stop: (() => void) | undefined;

  constructor(options: IssuerKeysOptions) {
    const { name, issuer, audience } = options.issuer;
    this.name = name;
    this.url = issuer;
    this.audiences = [audience].flat();
    this.#options = options;
  }

  /** What the file has; it may be missing where it can be fetched. @throws IssuerKeysError */
  async load(): Promise<void> {
    const { keys, keysUrl } = this.#options.issuer;
    try {
      this.#keys = parseKeys(await readFile(keys, "utf8"));
    } catch (cause) {
      if (keysUrl !== undefined) return;
      throw new IssuerKeysError(`ROLLCALL_OIDC_ISSUERS: ${keys} has no keys of ${this.name}`, { cause });
    }
  }

  start(): void {
    this.#update();
    this.#stop = this.#options.clock.every(RETRY_MS, () => {
      if (!this.#isCurrent || this.#sinceAttemptMs() >= REFRESH_MS) this.#update();
    });
  }

  async stop(): Promise<void> {
    this.#stop?.();
    await this.#updating;
  }

  keys(): JWTVerifyGetKey | undefined {
    return this.#keys;
  }

  refresh(): void {
    if (this.#sinceAttemptMs() >= RETRY_MS) this.#update();
  }

  #sinceAttemptMs(): number {
    return this.#options.clock.monotonicMs() - this.#attemptedMs;
  }

  #update(): void {
    if (this.#updating !== undefined) return;
    this.#attemptedMs = this.#options.clock.monotonicMs();
    this.#updating = this.#read().finally(() => {
      this.#updating = undefined;
    });
  }

  /** What fails leaves the keys as they were. */
  async #read(): Promise<void> {
    const { keys, keysUrl } = this.#options.issuer;
    try {
      const text = keysUrl === undefined ? await readFile(keys, "utf8") : await fetchText(keysUrl);
      this.#keys = parseKeys(text);
      this.#isCurrent = true;
      if (keysUrl !== undefined) await replaceFile(keys, text);
    } catch (cause) {
      this.#isCurrent = false;
      const from = keysUrl ?? keys;
      this.#options.onTrouble(
        new IssuerKeysError(`the keys of ${this.name} could not be had from ${from}`, { cause }),
      );
    }
  }
}

/** @throws IssuerKeysError, and what `JSON.parse` and jose throw */
function parseKeys(text: string): JWTVerifyGetKey {
  const keySet = createLocalJWKSet(JSON.parse(text));
  if (keySet.jwks().keys.length === 0) throw new IssuerKeysError("the key set is empty");
  return keySet;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_WITHIN_MS), redirect: "error" });
  if (!response.ok) throw new IssuerKeysError(`${url} answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new IssuerKeysError(`${url} answers with more than ${BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Whoever reads it meanwhile, or after a crash, reads the old text or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.${randomUUID()}`;
  await writeFile(next, text);
  await rename(next, path);
}
