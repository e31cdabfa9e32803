/** A listener of which every answer is held to the OpenAPI document: one that breaks it ends the test run. */
import type { RequestListener } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { faultsOfAnswer, operationIdOf } from "./answer-check.ts";

/** Which operations answered with which status: `readPlayer 404`. */
export const seenAnswers = new Set<string>();

export function checked(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { method = "", url = "" } = request;
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown): void => {
      if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
    };
    const { write, end } = response;
    response.write = ((...args: unknown[]) => {
      keep(args[0]);
      return Reflect.apply(write, response, args);
    }) as typeof write;
    response.end = ((...args: unknown[]) => {
      keep(args[0]);
      return Reflect.apply(end, response, args);
    }) as typeof end;
    response.on("finish", () => {
      const header = (name: string) => response.getHeader(name)?.toString() ?? sent.get(name) ?? null;
      const sent = sentHeaders(response);
      const body = decoded(Buffer.concat(chunks), header("content-encoding"));
      seenAnswers.add(`${operationIdOf(method, url)} ${response.statusCode}`);
      const faults = faultsOfAnswer({ method, url, status: response.statusCode, header, body });
      if (faults.length > 0) throw new Error(`an answer is not as documented:\n${faults.join("\n")}`);
    });
    listener(request, response);
  };
}

/** Headers that were given to `writeHead` are not in `getHeader`. */
function sentHeaders(response: object): Map<string, string> {
  const head: unknown = Reflect.get(response, "_header");
  const lines = typeof head === "string" ? head.split("\r\n").slice(1) : [];
  return new Map(
    lines
      .filter((line) => line.includes(":"))
      .map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
  );
}

function decoded(bytes: Buffer, encoding: string | null): string {
  switch (encoding) {
    case "br":
      return brotliDecompressSync(bytes).toString();
    case "gzip":
      return gunzipSync(bytes).toString();
    case "deflate":
      return inflateSync(bytes).toString();
    default:
      return bytes.toString();
  }
}
