/** What a schema found wrong, as the places that a problem lists. */
import type { z } from "zod";
import type { InputFault } from "./contract/problem.ts";
import { FAULTS_MAX } from "./json-guard.ts";
import { jsonPointer } from "./json-pointer.ts";

/** The part of a request that a schema was applied to. */
export type RequestPart = "body" | "params" | "query" | "headers";

export function schemaFaults(part: RequestPart, error: z.ZodError): InputFault[] {
  return error.issues.flatMap((issue) => issueFaults(part, issue)).slice(0, FAULTS_MAX);
}

function issueFaults(part: RequestPart, issue: z.core.$ZodIssue): InputFault[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => fault(part, [...issue.path, key], "is not known here"));
    case "invalid_key":
      return issue.issues.map(({ message }) => fault(part, issue.path, `a key ${message}`));
    default:
      return [fault(part, issue.path, issue.message)];
  }
}

function fault(part: RequestPart, path: readonly PropertyKey[], detail: string): InputFault {
  switch (part) {
    case "body":
      return { pointer: jsonPointer(path), detail };
    case "params":
    case "query":
      return { parameter: String(path[0]), detail };
    case "headers":
      return { header: String(path[0]), detail };
  }
}
