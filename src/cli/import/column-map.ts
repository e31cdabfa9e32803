/**
 * Which column of a source becomes what of a player: the content of `--map FILE`.
 *
 * Targets: `username`, `displayName`, `region`, `platform`, `identity.<provider>` (the column has the subject),
 * `metadata` (the column has a JSON object), `metadata.<key>`, and this with `:number` or `:boolean` for columns that
 * have these as text. Columns that are not named are left behind, and so are empty values.
 *
 * IMP1: the key of a row, with the name of its source, is the idempotency key, which decides the player's id.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { IDEMPOTENCY_KEY_LENGTH_MAX } from "../../http/contract/limits.ts";
import type { SourceRow } from "./source-row.ts";

const TARGET =
  /^(username|displayName|region|platform|metadata|identity\..+|metadata\.[^:]+(:number|:boolean)?)$/;

const TARGETS =
  "username, displayName, region, platform, identity.<provider>, metadata, or metadata.<key>, if need be with " +
  ":number or :boolean";
const NO_TARGET = `is nothing that a player has; expected ${TARGETS}`;
const A_COLUMN = "must be the name of a column";
const COLUMNS = `must be a JSON object: a column, and what it becomes`;
const FIELDS = "source, key and columns";

export const columnMap = z.strictObject(
  {
    source: z
      .string("must be text")
      .regex(/^[\x21-\x7e]{1,32}$/, { error: "must have 1 to 32 visible ASCII characters" })
      .default("import")
      .describe("Keys of two sources are told apart by it."),
    key: z
      .string(A_COLUMN)
      .min(1, A_COLUMN)
      .default("id")
      .describe("The column that identifies a row for good."),
    columns: z
      .record(z.string(), z.string(NO_TARGET).regex(TARGET, NO_TARGET), COLUMNS)
      .optional()
      .describe("By column of the source; unless given, columns that are called as a target are taken."),
  },
  { error: wholeFault },
);

/** Of the object as a whole. */
function wholeFault({ code, keys }: { readonly code?: string; readonly keys?: unknown }): string {
  if (code !== "unrecognized_keys") return `must be a JSON object with ${FIELDS}`;
  const named = Array.isArray(keys) ? keys.join(", ") : "";
  return `${named} means nothing in a map; it has ${FIELDS}`;
}

export type ColumnMap = z.output<typeof columnMap>;

export interface Registration {
  readonly idempotencyKey: string;
  /** As `POST /v1/players` takes it; the server says what is wrong with it. */
  readonly body: object;
}

/** Why a row is no player. */
export interface BadRow {
  readonly fault: string;
}

export function registrationOf({ values }: SourceRow, map: ColumnMap): Registration | BadRow {
  const key = textOf(values[map.key]);
  if (key === "") return { fault: `column ${map.key}, the key, is empty` };
  const body: Record<string, unknown> = {};
  const metadata: Record<string, unknown> = {};
  const columns = map.columns ?? ownTargets(values);
  for (const [column, target] of Object.entries(columns)) {
    if (!(column in values)) return { fault: `there is no column ${column}` };
    const value = values[column];
    if (value === null || value === undefined || value === "") continue;
    const [field = "", name] = splitOnce(target, ".");
    if (field === "identity") body.identity = { provider: name, subject: textOf(value) };
    else if (field !== "metadata") body[field] = textOf(value);
    else if (name === undefined) {
      const whole = objectOf(value);
      if (!whole) return { fault: `column ${column} has no JSON object` };
      Object.assign(metadata, whole);
    } else {
      const [metadataKey = "", type] = splitOnce(name, ":");
      const scalar = scalarOf(value, type);
      if (scalar === undefined) return { fault: `column ${column} has no ${type}` };
      metadata[metadataKey] = scalar;
    }
  }
  if (Object.keys(metadata).length > 0) body.metadata = metadata;
  return { idempotencyKey: idempotencyKeyOf(map.source, key), body };
}

/** Keys that a header does not take become a hash of themselves. */
function idempotencyKeyOf(source: string, key: string): string {
  const plain = `${source}:${key}`;
  if (/^[\x21-\x7e]+$/.test(plain) && plain.length <= IDEMPOTENCY_KEY_LENGTH_MAX) return plain;
  return `${source}::${createHash("sha256").update(key).digest("hex")}`;
}

function ownTargets(values: SourceRow["values"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(values)
      .filter((column) => TARGET.test(column))
      .map((column) => [column, column]),
  );
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function objectOf(value: unknown): object | undefined {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? undefined : objectOf(parsed);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function scalarOf(value: unknown, type: string | undefined): string | number | boolean | undefined {
  if (type === "number") {
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  if (type === "boolean") {
    if (/^(true|t|yes|1)$/i.test(String(value))) return true;
    return /^(false|f|no|0)$/i.test(String(value)) ? false : undefined;
  }
  return typeof value === "number" || typeof value === "boolean" ? value : textOf(value);
}
