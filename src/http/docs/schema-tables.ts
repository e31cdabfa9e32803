/** Schemas for readers: a type in a few words, an object as a table of its fields. */

import { type Markup, markup } from "../../markup/markup.ts";
import type { Schema } from "./document.ts";
import { prose } from "./prose.ts";

export function schemaId(name: string): string {
  return `schema-${name}`;
}

export function nameIn($ref: string): string {
  return $ref.split("/").at(-1) ?? "";
}

/** `text, at most 32 characters`; a schema with a name is a link to it. */
export function typeOf(schema: Schema): Markup {
  const { $ref, items, additionalProperties: values, properties } = schema;
  if ($ref !== undefined) return markup`<a href="#${schemaId(nameIn($ref))}">${nameIn($ref)}</a>`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeOf), " or ");
  if (schema.allOf) return joined(schema.allOf.map(typeOf), " and ");
  if (schema.enum)
    return joined(
      schema.enum.map((value) => markup`<code>${JSON.stringify(value)}</code>`),
      ", ",
    );
  if (schema.const !== undefined) return markup`<code>${JSON.stringify(schema.const)}</code>`;
  if (items) return markup`list of ${typeOf(items)}`;
  if (typeof values === "object" && !properties) return markup`object of ${typeOf(values)} by key`;
  return markup`${[plainType(schema), ...bounds(schema)].join(", ")}`;
}

/** The fields of an object; undefined for what has none. */
export function fieldTable({ properties, required = [] }: Schema): Markup | undefined {
  if (!properties || Object.keys(properties).length === 0) return undefined;
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      markup`<tr><th scope="row"><code>${name}</code>${
        required.includes(name) ? markup` <small>required</small>` : ""
      }</th><td>${typeOf(schema)}</td><td>${prose(schema.description ?? "")}</td></tr>`,
  );
  return markup`<div class="scroll"><table><thead><tr><th>Field</th><th>Type</th><th></th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

const WORDS: Readonly<Record<string, string>> = { string: "text", integer: "whole number", null: "null" };

function plainType({ type, format }: Schema): string {
  const types = (Array.isArray(type) ? type : [type ?? "any value"]) as string[];
  const words = types.map((one) => WORDS[one] ?? one).join(" or ");
  return format === undefined ? words : `${words} (${format})`;
}

function bounds(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength } = schema;
  // What JavaScript can count says nothing.
  const isBound = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  return [
    ...(isBound(minimum) ? [`from ${minimum}`] : []),
    ...(isBound(maximum) ? [`to ${maximum}`] : []),
    ...(minLength === 1 ? ["not empty"] : minLength ? [`at least ${minLength} characters`] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ];
}

function joined(parts: readonly Markup[], separator: string): Markup {
  return markup`${parts.map((part, at) => (at === 0 ? part : markup`${separator}${part}`))}`;
}
