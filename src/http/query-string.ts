/**
 * The query of a URL as an object without prototype. Strict where common parsers are lenient: what is encoded
 * wrongly or given twice is refused rather than guessed.
 */
import type { InputFault } from "./contract/problem.ts";
import { InvalidRequestError } from "./errors.ts";
import { FAULTS_MAX, textFault } from "./json-guard.ts";

/** @throws InvalidRequestError */
export function parseQuery(url: string): { [name: string]: string } {
  const parameters: { [name: string]: string } = Object.create(null);
  const start = url.indexOf("?");
  if (start < 0) return parameters;
  const faults: InputFault[] = [];
  for (const pair of url.slice(start + 1).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? "" : pair.slice(equals + 1));
    const detail = fault(parameters, name, value);
    if (detail !== undefined) faults.push({ parameter: name ?? pair, detail });
    else if (name !== undefined && value !== undefined) parameters[name] = value;
  }
  if (faults.length > 0) throw new InvalidRequestError(faults.slice(0, FAULTS_MAX));
  return parameters;
}

function fault(parameters: object, name: string | undefined, value: string | undefined): string | undefined {
  if (name === undefined || value === undefined) return "is not percent-encoded UTF-8";
  if (Object.hasOwn(parameters, name)) return "is given twice";
  return textFault(name) ?? textFault(value);
}

/** As forms encode: `+` is a space. Undefined when it is malformed. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
