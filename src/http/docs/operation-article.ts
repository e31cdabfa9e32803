/** An operation for readers: what it takes, what it answers, how to call it. */

import { type Markup, markup } from "../../markup/markup.ts";
import { EXAMPLES } from "../examples/examples.ts";
import type { Document, Operation, Parameter, Response, Schema } from "./document.ts";
import { prose } from "./prose.ts";
import { fieldTable, nameIn, typeOf } from "./schema-tables.ts";

export interface NamedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function operationArticle({ method, path, operation }: NamedOperation, document: Document): Markup {
  const { operationId, summary, parameters = [] } = operation;
  return markup`<article id="${operationId}">
<h3><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></a></h3>
<p>${prose(summary)}${needsToken(operation) ? markup` <em>Needs a token.</em>` : ""}</p>
${parameters.length > 0 ? parameterTable(parameters) : ""}
${bodyOf(operation, document)}
<h4>Call</h4>
<pre><code>${curl(method, path, operation)}</code></pre>
<h4>Answers</h4>
${Object.entries(operation.responses).map(([status, response]) => answerOf(status, response, document))}
</article>`;
}

function parameterTable(parameters: readonly Parameter[]): Markup {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description = "" }) => markup`<tr>
<th scope="row"><code>${place === "header" ? headerName(name) : name}</code>${
      required ? markup` <small>required</small>` : ""
    }</th><td>${place}</td><td>${typeOf(schema)}</td><td>${prose(description)}</td></tr>`,
  );
  return markup`<h4>Parameters</h4><div class="scroll"><table>
<thead><tr><th>Name</th><th>In</th><th>Type</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function bodyOf({ requestBody }: Operation, document: Document): Markup | undefined {
  if (!requestBody) return undefined;
  const types = Object.keys(requestBody.content);
  const [{ schema = {} } = {}] = Object.values(requestBody.content);
  return markup`<h4>Body: ${types.join(" or ")}</h4>${fieldTable(resolved(schema, document)) ?? typeOf(schema)}`;
}

function answerOf(
  status: string,
  response: Response & { readonly $ref?: string },
  document: Document,
): Markup {
  const { $ref } = response;
  const shown = $ref === undefined ? response : (document.components.responses[nameIn($ref)] ?? response);
  const [{ schema, example } = {}] = Object.values(shown.content ?? {});
  const isProblem = $ref !== undefined;
  return markup`<details${isProblem ? "" : markup` open`}><summary><strong class="${isProblem ? "bad" : "good"}">${status}</strong>
${isProblem ? codesIn(shown.description) : prose(shown.description)}</summary>
${isProblem ? problemList(shown.description) : markup`<p>${schema ? typeOf(schema) : "no body"}; headers ${codes(Object.keys(shown.headers ?? {}))}</p>`}
${example === undefined ? "" : markup`<pre><code>${typeof example === "string" ? example : JSON.stringify(example, null, 2)}</code></pre>`}
</details>`;
}

/** A line for each: `code`: when. */
function problemList(description: string): Markup {
  return markup`<ul>${description.split("\n\n").map((line) => markup`<li>${prose(line)}</li>`)}</ul>`;
}

function codesIn(description: string): Markup {
  return codes([...description.matchAll(/^`([a-z-]+)`:/gm)].map((match) => match[1] ?? ""));
}

function codes(names: readonly string[]): Markup {
  return markup`${names.map((name, at) => markup`${at === 0 ? "" : ", "}<code>${name}</code>`)}`;
}

function resolved(schema: Schema, { components }: Document): Schema {
  return schema.$ref === undefined ? schema : (components.schemas[nameIn(schema.$ref)] ?? schema);
}

/** Unless there is a way without one. */
function needsToken({ security }: Operation): boolean {
  return security.every((requirement) => Object.keys(requirement).length > 0);
}

function curl(method: string, path: string, operation: Operation): string {
  const { operationId, requestBody } = operation;
  const { params = {}, query, body } = EXAMPLES[operationId] ?? {};
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? name));
  const asked = query ? `?${new URLSearchParams(query)}` : "";
  const [type] = Object.keys(requestBody?.content ?? {});
  return [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}http://127.0.0.1:7400${query ? `'${filled}${asked}'` : filled}`,
    ...(needsToken(operation) ? [`-H "authorization: Bearer $TOKEN"`] : []),
    ...(type === undefined ? [] : [`-H 'content-type: ${type}'`]),
    ...(body === undefined ? [] : [`-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ].join(" \\\n  ");
}

/** As HTTP is used to write it. */
function headerName(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
