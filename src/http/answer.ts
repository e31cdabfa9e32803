/** What a route answers, and how it is sent: head and body at once, but for a stream, no header looked up again. */
import type { ServerResponse } from "node:http";
import { headersOf } from "./common-headers.ts";

export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  /** Absent where the status has no body. */
  readonly body?: string | Uint8Array;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
  /** Instead of a body: writes to the response for as long as it likes, and ends it. */
  readonly stream?: (response: ServerResponse) => void;
}

/** Two of one would both hold: the answer's own takes the place of the common one. */
const OWN = ["Content-Security-Policy", "Cache-Control"];
const JSON_TYPE = "application/json; charset=utf-8";

export function jsonAnswer(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
  return { status, headers, body: JSON.stringify(value) };
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body, contentType = JSON_TYPE, stream } = answer;
  const common = headersOf(response);
  const given = OWN.filter((name) => name in headers);
  const head = [...given.reduce(without, common), ...Object.entries(headers).flat()];
  if (body !== undefined) {
    head.push("Content-Type", contentType, "Content-Length", String(Buffer.byteLength(body)));
  }
  if (stream) head.push("Content-Type", contentType);
  response.writeHead(status, head);
  if (stream && response.req.method !== "HEAD") stream(response);
  else response.end(body);
}

/** Names, in whatever case, and values in turn. */
function without(headers: readonly string[], name: string): string[] {
  const isOther = (at: number): boolean => headers[at]?.toLowerCase() !== name.toLowerCase();
  return headers.filter((_, index) => isOther(index - (index % 2)));
}
