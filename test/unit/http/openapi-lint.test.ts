/** What a linter would ask of the OpenAPI document, and that the kept file is what a server answers. */
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { OPENAPI_FILE } from "../../support/openapi-file.ts";
import { openApiText } from "../../support/openapi-text.ts";

interface Content {
  readonly [type: string]: {
    readonly schema?: object;
    readonly example?: unknown;
    readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
  };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema?: object;
    readonly example?: unknown;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: {
    readonly [status: string]: {
      readonly $ref?: string;
      readonly description: string;
      readonly content?: Content;
    };
  };
}

interface Document {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

const kept = readFileSync(OPENAPI_FILE, "utf8");
const document = JSON.parse(kept) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method} ${path}`,
    path,
    method,
    operation,
  })),
);
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(document, "openapi");

function faults(pointer: string, value: unknown): unknown {
  const validate = ajv.compile({ $ref: `openapi#${pointer}` });
  return validate(value) ? [] : validate.errors;
}

function pointer(...parts: readonly string[]): string {
  return parts
    .map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`)
    .join("");
}

describe("the OpenAPI document", () => {
  let served: string;

  beforeAll(async () => {
    served = await openApiText();
  });

  it(`is kept in ${OPENAPI_FILE} as it is served; if not, run: npm run openapi`, () => {
    expect(kept === served, "run: npm run openapi").toBe(true);
  });

  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(kept));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it("has an id of its own, a summary and a known tag for each operation", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const { name, operation } of operations) {
      expect(operation.operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary, name).toMatch(/^[A-Z].+\.$/);
      expect([name, operation.tags.length, tags.has(operation.tags[0] ?? "")]).toEqual([name, 1, true]);
    }
  });

  it("names every parameter of a path, with a schema", () => {
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect([name, named.map((parameter) => parameter.name).sort()]).toEqual([name, inPath]);
      for (const parameter of operation.parameters ?? []) expect(parameter.schema, name).toBeDefined();
      for (const { name: parameter, schema = {}, example } of named) {
        const validate = ajv.compile(schema);
        expect([name, parameter, validate(example), validate.errors]).toEqual([name, parameter, true, null]);
      }
    }
  });
});

describe.each(operations)("$name", ({ path, method, operation }) => {
  const { requestBody, responses } = operation;
  const at = ["paths", path, method];

  it("has examples of its body and its good answers, which fit their schemas", () => {
    for (const [type, { example }] of Object.entries(requestBody?.content ?? {})) {
      expect(example, type).toBeDefined();
      expect(faults(pointer(...at, "requestBody", "content", type, "schema"), example)).toEqual([]);
    }
    for (const [status, { $ref, content = {} }] of Object.entries(responses)) {
      if ($ref !== undefined) continue;
      for (const [type, { example, schema }] of Object.entries(content)) {
        expect(example, `${status} ${type}`).toBeDefined();
        const schemaAt = pointer(...at, "responses", status, "content", type, "schema");
        if (schema) expect(faults(schemaAt, example)).toEqual([]);
      }
    }
  });

  it("has problems by status, each with the codes that it can have and an example of each", () => {
    const refused = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    expect(refused.map(([status]) => status)).toEqual(expect.arrayContaining(["400", "401", "500"]));
    for (const [status, { $ref = "" }] of refused) {
      const shared = document.components.responses[$ref.split("/").at(-1) ?? ""];
      const { examples = {} } = shared?.content["application/problem+json"] ?? {};
      expect(Object.keys(examples).length, status).toBeGreaterThan(0);
      for (const code of Object.keys(examples)) {
        expect(shared?.description).toContain(`\`${code}\`:`);
        const value = document.components.examples[code]?.value;
        expect(value).toMatchObject({ code, status: Number(status) });
        expect(faults("/components/schemas/Problem", value)).toEqual([]);
      }
    }
  });
});
