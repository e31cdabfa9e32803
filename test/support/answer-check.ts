/**
 * Holds answers to the OpenAPI document (`docs/openapi.json`): the operation is known, the status documented and the
 * problem's code with it, the required headers are there, and the body is what the schema says and nothing else.
 */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { OPENAPI_FILE } from "./openapi-file.ts";

export interface ReceivedAnswer {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly status: number;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | null;
  readonly body: string;
}

interface Described {
  readonly headers?: { readonly [name: string]: { readonly $ref: string } };
  readonly content?: {
    readonly [type: string]: {
      readonly schema?: object;
      readonly examples?: Readonly<Record<string, object>>;
    };
  };
}

interface Operation {
  readonly operationId: string;
  readonly responses: { readonly [status: string]: Described & { readonly $ref?: string } };
}

interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: {
    readonly responses: { readonly [name: string]: Described };
    readonly headers: { readonly [name: string]: { readonly required?: boolean } };
  };
}

const PROBLEM = "application/problem+json";
/** Of requests that reach no operation. */
const NO_OPERATION: readonly string[] = [
  "path-not-found",
  "method-not-allowed",
  "malformed-path",
  "rate-limited",
  "unauthorized",
  "internal",
];

const DOCUMENT = closed(JSON.parse(readFileSync(OPENAPI_FILE, "utf8"))) as Document;
const AJV = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
AJV.addSchema(DOCUMENT, "openapi");

/** Paths with the fewest parameters first, so that a literal part goes before a parameter. */
const PATHS = Object.keys(DOCUMENT.paths)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    parameters: path.split("{").length,
  }))
  .sort((one, other) => one.parameters - other.parameters);

/** The operation that a request asks for, by its id; undefined for none. */
export function operationIdOf(method: string, url: string): string | undefined {
  return operationOf(method, url)?.operation.operationId;
}

/** `GET /v1/players/{id}` */
export function documentedCalls(): string[] {
  return Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** By operation id, the statuses that are documented. */
export function documentedStatuses(): Map<string, number[]> {
  const operations = Object.values(DOCUMENT.paths).flatMap((methods) => Object.values(methods));
  return new Map(operations.map((one) => [one.operationId, Object.keys(one.responses).map(Number)]));
}

/** What is wrong with an answer; nothing, if it is as documented. */
export function faultsOfAnswer(answer: ReceivedAnswer): string[] {
  const { method, url, status } = answer;
  const found = operationOf(method, url);
  const described = found && describedOf(found.operation, status);
  const what = `${method} ${url} (${found?.operation.operationId ?? "no operation"}) answered ${status}`;
  const faults = described
    ? [...headerFaults(answer, described), ...bodyFaults(answer, described, pointerOf(found, status))]
    : strayFaults(answer, found !== undefined);
  return faults.map((fault) => `${what}: ${fault}`);
}

function operationOf(method: string, url: string) {
  const [path = ""] = url.split("?");
  const known = PATHS.find(({ pattern }) => pattern.test(path));
  const name = method === "HEAD" ? "get" : method.toLowerCase();
  const operation = known && DOCUMENT.paths[known.path]?.[name];
  return operation && { path: known.path, name, operation };
}

function describedOf({ responses }: Operation, status: number): Described | undefined {
  const response = responses[status];
  const name = response?.$ref?.split("/").at(-1);
  return name === undefined ? response : DOCUMENT.components.responses[name];
}

function pointerOf(
  { path, name, operation }: NonNullable<ReturnType<typeof operationOf>>,
  status: number,
): string {
  const shared = operation.responses[status]?.$ref?.split("/").at(-1);
  return shared === undefined
    ? `openapi#/paths/${escaped(path)}/${name}/responses/${status}`
    : `openapi#/components/responses/${escaped(shared)}`;
}

function headerFaults({ header, status }: ReceivedAnswer, { headers = {} }: Described): string[] {
  return Object.keys(headers)
    .filter((name) => DOCUMENT.components.headers[name]?.required && header(name.toLowerCase()) === null)
    .map((name) => `lacks the header ${name}, which ${status} has`);
}

function bodyFaults(
  { method, header, body }: ReceivedAnswer,
  described: Described,
  pointer: string,
): string[] {
  if (method === "HEAD") return [];
  const type = header("content-type")?.split(";")[0] ?? "";
  const { content = {} } = described;
  const [documented] = Object.keys(content);
  if (documented === undefined) return body === "" ? [] : ["has a body, where none is documented"];
  const entry = Object.entries(content).find(([name]) => name.split(";")[0] === type);
  if (!entry) return [`is of type ${type}, and not ${documented}`];
  const [name, { schema, examples }] = entry;
  if (!schema || type === "text/event-stream") return [];
  const value: unknown = JSON.parse(body);
  const code = type === PROBLEM ? Reflect.get(value as object, "code") : undefined;
  const isForeign = examples && typeof code === "string" && !Object.hasOwn(examples, code);
  return [
    ...(isForeign ? [`the code ${code} is not documented with it`] : []),
    ...schemaFaults(value, `${pointer}/content/${escaped(name)}/schema`),
  ];
}

/** Of an answer that no operation documents. */
function strayFaults({ method, header, body }: ReceivedAnswer, isOperation: boolean): string[] {
  if (isOperation) return [`the status is not documented: ${body.slice(0, 200)}`];
  if (method === "OPTIONS" || method === "HEAD") return [];
  if (header("content-type") !== PROBLEM) return ["is no problem, and no operation"];
  const value = JSON.parse(body) as { readonly code: string };
  const faults = schemaFaults(value, "openapi#/components/schemas/Problem");
  return NO_OPERATION.includes(value.code)
    ? faults
    : [...faults, `the code ${value.code} is of operations alone`];
}

const VALIDATORS = new Map<string, ValidateFunction>();

function schemaFaults(value: unknown, pointer: string): string[] {
  const validate = VALIDATORS.get(pointer) ?? AJV.compile({ $ref: pointer });
  VALIDATORS.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
}

/** Objects have no more than they are said to have. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
  const isObject = copy.type === "object" && typeof copy.properties === "object";
  return isObject && copy.additionalProperties === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** For a JSON pointer in a fragment. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
