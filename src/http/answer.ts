/** What a route answers, and how it is sent: one write of head and body, as no header has to be looked up again. */
import type { ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  /** Absent where the status has no body. */
  readonly body?: string;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
}

const JSON_TYPE = "application/json; charset=utf-8";

export function jsonAnswer(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
  return { status, headers, body: JSON.stringify(value) };
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const { status, headers, body, contentType = JSON_TYPE } = answer;
  if (body === undefined) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, "Content-Type": contentType, "Content-Length": length });
  response.end(body);
}
