/** What the server says of itself: the OpenAPI document for programs, and a page of it for readers. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Document } from "./docs/document.ts";
import { docsPage } from "./docs/page.ts";
import { STYLE } from "./docs/style.ts";
import { openApiDocument } from "./openapi.ts";
import { defineRoute, type Route } from "./route.ts";

/** Its form is the standard's own. */
const openApi = z.looseObject({ openapi: z.string() });

const HTML_TYPE = "text/html; charset=utf-8";
/** Nothing is loaded and nothing runs; its own style is known by its hash. */
const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(";");

/** Of these routes and themselves. Both are made when first asked for. */
export function descriptionRoutes(routes: readonly Route[], version: string): Route[] {
  const document = once(() => openApiDocument([...routes, ...described], version));
  const answer = once((): Answer => jsonAnswer(200, document()));
  const page = once(
    (): Answer => ({
      status: 200,
      headers: { "Content-Security-Policy": PAGE_POLICY },
      contentType: HTML_TYPE,
      // It was made by the form that it is read by.
      body: docsPage(document() as Document),
    }),
  );
  const described: readonly Route[] = [
    defineRoute({
      method: "get",
      path: "/openapi.json",
      operationId: "readOpenApi",
      summary: "This description.",
      access: "public",
      request: {},
      responses: { 200: { description: "OpenAPI 3.1.", schema: openApi } },
      compressed: true,
      handle: answer,
    }),
    defineRoute({
      method: "get",
      path: "/docs",
      operationId: "readDocs",
      summary: "This description, as a page.",
      access: "public",
      request: {},
      responses: { 200: { description: "A page without anything to load.", contentType: HTML_TYPE } },
      compressed: true,
      handle: page,
    }),
  ];
  return [...routes, ...described];
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
