/**
 * What no JSON body may hold anywhere, whatever its schema: looked for before the schema is applied, so that
 * no schema has to remember it.
 *
 * - Control characters and lone surrogates, in values and keys: PostgreSQL has no NUL, Automerge turns lone
 *   surrogates into U+FFFD, and nobody can see the others.
 * - Keys that mean something to JavaScript objects.
 * - Numbers that do not survive: not finite, or whole and beyond 2^53 - 1. It is enough to look at the parsed
 *   number: the doubles from 2^53 on are all whole, and rounding keeps order, so that a literal beyond the limit
 *   can never become a safe integer.
 * - Deep nesting.
 */
import { JSON_DEPTH_MAX } from "./contract/limits.ts";
import type { InputFault } from "./contract/problem.ts";
import { jsonPointer } from "./json-pointer.ts";

/** Enough to see what is wrong; an answer must not outgrow its request. */
export const FAULTS_MAX = 20;

const UNFIT = /[\p{Cc}\p{Cs}]/u;
const CONTROL = /\p{Cc}/u;
const KEYS_WITH_MEANING: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The first faults in a parsed JSON value, with pointers to them; empty when it is fit. */
export function jsonFaults(value: unknown): InputFault[] {
  const faults: InputFault[] = [];
  examine(value, [], faults);
  return faults;
}

/** Why a text is not fit to be stored or searched for; undefined when it is. */
export function textFault(text: string): string | undefined {
  if (!UNFIT.test(text)) return undefined;
  return CONTROL.test(text) ? "must not have control characters" : "must not have lone surrogates";
}

/** `path` is as it was when the call returns. */
function examine(value: unknown, path: PropertyKey[], faults: InputFault[]): void {
  if (faults.length >= FAULTS_MAX) return;
  if (typeof value !== "object" || value === null) {
    report(scalarFault(value), path, faults);
  } else if (path.length >= JSON_DEPTH_MAX) {
    report(`must not nest deeper than ${JSON_DEPTH_MAX} levels`, path, faults);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) examineMember(index, item, path, faults);
  } else {
    for (const [key, item] of Object.entries(value)) examineMember(key, item, path, faults);
  }
}

function examineMember(key: PropertyKey, item: unknown, path: PropertyKey[], faults: InputFault[]): void {
  const detail = typeof key === "string" ? keyFault(key) : undefined;
  path.push(key);
  if (detail === undefined) examine(item, path, faults);
  else report(detail, path, faults);
  path.pop();
}

function report(detail: string | undefined, path: readonly PropertyKey[], faults: InputFault[]): void {
  if (detail !== undefined && faults.length < FAULTS_MAX) faults.push({ pointer: jsonPointer(path), detail });
}

function keyFault(key: string): string | undefined {
  if (KEYS_WITH_MEANING.has(key)) return "is no possible key";
  return textFault(key)?.replace("must", "a key must");
}

function scalarFault(value: unknown): string | undefined {
  if (typeof value === "string") return textFault(value);
  if (typeof value !== "number") return undefined;
  if (!Number.isFinite(value)) return "must be a finite number";
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return "must be within ±(2^53 - 1), the whole numbers that every JSON reader keeps";
  }
  return undefined;
}
