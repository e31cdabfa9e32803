/** The id of the record that a call made. */
import { LabError } from "../lab-error.ts";
import type { CallAnswer } from "./call.ts";

/** Where a scenario builds on it. @throws LabError when the call did not go well. */
export function madeId(answer: CallAnswer, name?: string): string {
  const id = idIn(answer, name);
  if (id !== undefined) return id;
  const { what, server, outcome, status, code } = answer.recorded;
  throw new LabError("call-failed", `"${what}" at ${server} was to go well: ${outcome}, ${status ?? code}`);
}

/** Of the record that an answer has, under this name if it has one. */
export function idIn({ outcome, body }: CallAnswer, name?: string): string | undefined {
  if (outcome !== "ok" || typeof body !== "object" || body === null) return undefined;
  const record: unknown = name === undefined ? body : Reflect.get(body, name);
  const isRecord = typeof record === "object" && record !== null && "id" in record;
  return isRecord && typeof record.id === "string" ? record.id : undefined;
}
