/**
 * The operators' page at `/console`: files that the build made, read once and served from memory. A path under it that
 * is no file is a place within the page, which finds its way by the address itself.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Answer } from "./answer.ts";
import { ConsoleMissingError, MethodNotAllowedError } from "./errors.ts";
import { pathOf } from "./request-path.ts";

const CONSOLE_PATH = "/console";

const INDEX = "index.html";
/** Named by their content, so that what was loaded once is good for ever. */
const ASSETS = "assets/";
const FOREVER = "public, max-age=31536000, immutable";
/** Asked for again each time, and answered without a body while it is the same. */
const EACH_TIME = "no-cache";
const NOT_MODIFIED = 304;

const CONTENT_TYPES: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing but its own files, and calls to this server; styles are set on elements by its scripts alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(";");

interface ConsoleFile {
  readonly contentType: string;
  readonly tag: string;
  readonly cacheControl: string;
  readonly bodies: { readonly [encoding in Encoding]: Buffer };
}

type Encoding = "br" | "gzip" | "identity";

export class ConsoleFiles {
  readonly #folder: string | undefined;
  #files: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;

  /** @param folder What the build of the page made; undefined or empty: there is none. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Undefined for a path that is none of the page's. @throws ConsoleMissingError, MethodNotAllowedError */
  async answer({ method = "", url = "", headers }: IncomingMessage): Promise<Answer | undefined> {
    const path = pathOf(url);
    if (path !== CONSOLE_PATH && !path.startsWith(`${CONSOLE_PATH}/`)) return undefined;
    if (method !== "GET" && method !== "HEAD") throw new MethodNotAllowedError(method, ["GET", "HEAD"]);
    const files = await this.#read();
    const name = path.slice(CONSOLE_PATH.length + 1);
    // An asset that is not there belongs to another version: the page in its place would be no script.
    const file = files.get(name) ?? (name.startsWith(ASSETS) ? undefined : files.get(INDEX));
    if (!file) throw new ConsoleMissingError();
    return fileAnswer(file, headers);
  }

  /** Kept, unless there are none: they may be built meanwhile. */
  async #read(): Promise<ReadonlyMap<string, ConsoleFile>> {
    this.#files ??= readFiles(this.#folder);
    try {
      const files = await this.#files;
      if (files.size === 0) this.#files = undefined;
      return files;
    } catch (error) {
      this.#files = undefined;
      throw error;
    }
  }
}

function fileAnswer(file: ConsoleFile, headers: IncomingMessage["headers"]): Answer {
  const { contentType, tag, cacheControl, bodies } = file;
  const encoding = acceptedEncoding(headers["accept-encoding"]);
  const common = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": cacheControl,
    ETag: tag,
    Vary: "Accept-Encoding",
  };
  if (headers["if-none-match"]?.includes(tag)) return { status: NOT_MODIFIED, headers: common };
  return {
    status: 200,
    headers: { ...common, ...(encoding !== "identity" && { "Content-Encoding": encoding }) },
    contentType,
    body: bodies[encoding],
  };
}

function acceptedEncoding(accepted: string | string[] | undefined): Encoding {
  const names = String(accepted ?? "")
    .split(",")
    .map((part) => part.replaceAll(" ", ""))
    .filter((part) => !/;q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(";")[0]);
  if (names.includes("br")) return "br";
  return names.includes("gzip") ? "gzip" : "identity";
}

/** None where the folder is not there. */
async function readFiles(folder: string | undefined): Promise<ReadonlyMap<string, ConsoleFile>> {
  const files = new Map<string, ConsoleFile>();
  for (const name of folder === undefined ? [] : await namesIn(folder)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) continue;
    const body = await readFile(join(folder ?? "", name));
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      promisify(gzip)(body),
    ]);
    files.set(name, {
      contentType,
      // Weak: one for all encodings, whose bytes differ.
      tag: `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
      cacheControl: name.startsWith(ASSETS) ? FOREVER : EACH_TIME,
      bodies: { br, gzip: gz, identity: body },
    });
  }
  return files;
}

/** Relative to the folder, with slashes. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
