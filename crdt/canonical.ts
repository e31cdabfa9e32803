/**
 * Canonical form: the same value gives the same text on every server, whatever order its keys were made in.
 * JSON with keys sorted by code unit and no white space, as RFC 8785 has it for the values used here.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += `,${canonicalJson(item)}`;
    return `[${text.slice(1)}]`;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key of Object.keys(object).sort()) {
    text += `,${JSON.stringify(key)}:${canonicalJson(object[key] as Json)}`;
  }
  return `{${text.slice(1)}}`;
}
