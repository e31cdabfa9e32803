/**
 * Reads a JSON body: of an accepted type, of bounded size, well-formed, and without what no body may hold.
 *
 * The type is insisted on for safety too: a page on another site can make a browser send a body without asking
 * first, but not as JSON.
 */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { BODY_BYTES_MAX } from "./contract/limits.ts";
import {
  BodyTooLargeError,
  InvalidRequestError,
  MalformedJsonError,
  RequestAbortedError,
  UnsupportedMediaTypeError,
} from "./errors.ts";
import { jsonFaults } from "./json-guard.ts";
import { jsonSyntaxFault } from "./json-syntax.ts";

/** A media type with at most the parameter that says what is so anyway. */
const MEDIA_TYPE = /^\s*([^\s;]+)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** More than a game sends by mistake. What is larger still is refused at once, whatever the sender sees of it. */
const FORGOTTEN_BYTES_MAX = 1024 * 1024;

/** @throws UnsupportedMediaTypeError, BodyTooLargeError, MalformedJsonError, InvalidRequestError, RequestAbortedError */
export async function readJson(request: IncomingMessage, mediaTypes: readonly string[]): Promise<unknown> {
  requireMediaType(request, mediaTypes);
  const value = parse(await readBytes(request));
  const faults = jsonFaults(value);
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return value;
}

function requireMediaType({ headers }: IncomingMessage, accepted: readonly string[]): void {
  const type = headers["content-type"];
  const plain = type !== undefined && accepted.includes(type);
  const known = plain || accepted.includes(MEDIA_TYPE.exec(type ?? "")?.[1]?.toLowerCase() ?? "");
  const coding = headers["content-encoding"];
  if (!known || (coding !== undefined && coding !== "identity"))
    throw new UnsupportedMediaTypeError(accepted);
}

/** A body that is too large is read to its end and forgotten: who is cut off while it sends may never see the answer. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new BodyTooLargeError(BODY_BYTES_MAX));
    if (Number(request.headers["content-length"]) > FORGOTTEN_BYTES_MAX) return tooLarge();
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else chunks = [];
      if (bytes > FORGOTTEN_BYTES_MAX) tooLarge();
    });
    request.on("end", () => {
      if (bytes > BODY_BYTES_MAX) tooLarge();
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    request.on("close", () => {
      if (!request.complete) reject(new RequestAbortedError());
    });
  });
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new MalformedJsonError("the body is not UTF-8");
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedJsonError(whereMalformed(text), { cause });
  }
}

function whereMalformed(text: string): string {
  if (text === "") return "the body is empty";
  const at = jsonSyntaxFault(text) ?? text.length;
  if (at >= text.length) return "the body ends too early to be JSON";
  const before = text.slice(0, at).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `the body stops being JSON at line ${before.length}, column ${column} (character ${at + 1})`;
}
