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

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"]) > BODY_BYTES_MAX) {
      reject(new BodyTooLargeError(BODY_BYTES_MAX));
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    // What comes after the promise is settled is read and forgotten, so that the answer can be read.
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else reject(new BodyTooLargeError(BODY_BYTES_MAX));
    });
    request.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
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
