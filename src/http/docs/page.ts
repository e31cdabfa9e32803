/** The page at `/docs`: the OpenAPI document for readers, whole and offline, in one file without scripts. */

import { Markup, markup } from "../../markup/markup.ts";
import type { Document } from "./document.ts";
import { type NamedOperation, operationArticle } from "./operation-article.ts";
import { prose } from "./prose.ts";
import { fieldTable, schemaId, typeOf } from "./schema-tables.ts";
import { STYLE } from "./style.ts";

export function docsPage(document: Document): string {
  const { title, version, description } = document.info;
  const operations: NamedOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const ofTag = (tag: string) => operations.filter(({ operation }) => operation.tags.includes(tag));
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} ${version}: REST</title><style>${new Markup(STYLE)}</style></head>
<body><header><h1>${title} <small>${version}</small></h1><p>${prose(description)}</p>
<p>As a document for programs: <a href="/openapi.json">/openapi.json</a>, OpenAPI 3.1.</p></header>
<nav aria-label="Operations">${document.tags.map(
    ({ name }) =>
      markup`<details><summary><a href="#${name}">${name}</a></summary><ul>${ofTag(name).map(
        ({ method, path, operation }) =>
          markup`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</a></li>`,
      )}</ul></details>`,
  )}<details><summary><a href="#schemas">schemas</a></summary></details></nav>
<main>${document.tags.map(
    ({ name, description: about }) =>
      markup`<section id="${name}"><h2>${about}</h2>${ofTag(name).map((operation) =>
        operationArticle(operation, document),
      )}</section>`,
  )}
<section id="schemas"><h2>Schemas</h2>${Object.entries(document.components.schemas).map(
    ([name, schema]) => markup`<article id="${schemaId(name)}"><h3>${name}</h3>
<p>${prose(schema.description ?? "")}</p>${fieldTable(schema) ?? markup`<p>${typeOf(schema)}</p>`}</article>`,
  )}</section></main></body></html>
`.text;
}
