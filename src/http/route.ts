/**
 * A route: one method of one path, with the schemas of what it takes and gives. The same schemas validate
 * requests and make the OpenAPI document, so that the two cannot differ.
 *
 * Order of a request: may the caller, then path, query, headers, body, then the handler. Nothing is stored
 * before all of it is found good.
 */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { z } from "zod";
import type { Author } from "../registry/write-queue.ts";
import type { Access, Caller } from "./access.ts";
import type { Answer } from "./answer.ts";
import { clientAddressOf } from "./client-address.ts";
import type { InputFault } from "./contract/problem.ts";
import { InvalidRequestError } from "./errors.ts";
import { readJson } from "./json-body.ts";
import { textFault } from "./json-guard.ts";
import { authorOf } from "./keyed-request.ts";
import { parseQuery } from "./query-string.ts";
import type { RefusalCode } from "./refusals.ts";
import { type RequestPart, schemaFaults } from "./schema-faults.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Schemas of a request's parts; a query without schema may have no parameters. Headers' names in lower case. */
export interface RequestSchemas {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}

export interface ResponseDescription {
  readonly description: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
  /** Where the body is no JSON. */
  readonly contentType?: string;
  /** That it has beside those that follow from the request. */
  readonly headers?: readonly ("ETag" | "Location")[];
}

export interface RouteDescription<Schemas extends RequestSchemas> {
  readonly method: Method;
  /** As OpenAPI writes it: `/v1/players/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly access: Access;
  readonly request: Schemas;
  /** Whether a request without a body is taken as one with `{}`. */
  readonly bodyOptional?: boolean;
  /** Of the body; JSON alone when absent. */
  readonly mediaTypes?: readonly string[];
  /** The good answers, by status. */
  readonly responses: { readonly [status: number]: ResponseDescription };
  /** The problems it can answer, beside those that follow from its shape (`openapi-refusals.ts`). */
  readonly refusals?: readonly RefusalCode[];
  /** Whether answers can be large enough to be worth compressing. */
  readonly compressed?: boolean;
}

/** What a handler gets: everything parsed. */
export interface RouteRequest<Schemas extends RequestSchemas> {
  readonly caller: Caller;
  /**
   * Of whom the write is that it makes, and by which request (IDM1). Where the key decides the id of what is made
   * (ID2), it is not asked for.
   */
  readonly author: () => Author;
  /** Whose requests are counted together (`client-address.ts`). */
  readonly address: string;
  readonly params: Parsed<Schemas["params"]>;
  readonly query: Parsed<Schemas["query"]>;
  readonly headers: Parsed<Schemas["headers"]>;
  readonly body: Parsed<Schemas["body"]>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What came, as it came. */
export interface RawRequest {
  readonly caller: Caller;
  readonly params: { readonly [name: string]: string | readonly string[] | undefined };
  readonly message: IncomingMessage;
}

export interface Route extends RouteDescription<RequestSchemas> {
  readonly mediaTypes: readonly string[];
  /** @throws InvalidRequestError and what the handler throws */
  readonly answer: (request: RawRequest) => Promise<Answer>;
}

const JSON_ONLY: readonly string[] = ["application/json"];

export function defineRoute<const Schemas extends RequestSchemas>(
  description: RouteDescription<Schemas> & {
    readonly handle: (request: RouteRequest<Schemas>) => Answer | Promise<Answer>;
  },
): Route {
  const { handle, mediaTypes = JSON_ONLY, ...rest } = description;
  const { method, path, bodyOptional = false } = rest;
  const schemas: RequestSchemas = description.request;
  const headerNames = Object.keys(schemas.headers?.shape ?? {});

  const readBody = (message: IncomingMessage): Promise<unknown> =>
    bodyOptional && !hasBody(message) ? Promise.resolve({}) : readJson(message, mediaTypes);

  async function answer({ caller, params, message }: RawRequest): Promise<Answer> {
    const parsed = {
      caller,
      author: () => authorOf({ method, path, authorization: message.headers.authorization, ...parsed }),
      address: clientAddressOf(message),
      params: schemas.params && parse("params", schemas.params, fitParams(params)),
      query: parseQueryOf(message.url ?? "", schemas.query),
      headers: schemas.headers && parse("headers", schemas.headers, pick(message.headers, headerNames)),
      body: schemas.body && parse("body", schemas.body, await readBody(message)),
    };
    // The parts were parsed by the very schemas that their types are taken from.
    return handle(parsed as RouteRequest<Schemas>);
  }

  return { ...rest, mediaTypes, answer };
}

/** RFC 9112, 6.3. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function parse(part: RequestPart, schema: z.ZodType, value: unknown): unknown {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new InvalidRequestError(schemaFaults(part, error));
}

/** Like the body's and the query's guard, so that no schema of a path has to remember it. */
function fitParams(params: RawRequest["params"]): RawRequest["params"] {
  const faults: InputFault[] = [];
  for (const [parameter, value] of Object.entries(params)) {
    const detail = typeof value === "string" ? textFault(value) : undefined;
    if (detail !== undefined) faults.push({ parameter, detail });
  }
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return params;
}

function parseQueryOf(url: string, schema: z.ZodObject | undefined): unknown {
  const parameters = parseQuery(url);
  if (schema) return parse("query", schema, parameters);
  const faults: InputFault[] = Object.keys(parameters).map((parameter) => ({
    parameter,
    detail: "is not known here",
  }));
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return undefined;
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  const picked: IncomingHttpHeaders = {};
  for (const name of names) if (headers[name] !== undefined) picked[name] = headers[name];
  return picked;
}
