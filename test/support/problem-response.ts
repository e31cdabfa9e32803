/** A problem as a server answers it. */
import type { InputFault } from "../../src/http/contract/problem.ts";

export function problemAnswer(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
  errors?: readonly InputFault[],
): Response {
  const problem = {
    type: `urn:rollcall:problem:${code}`,
    title: code,
    status,
    detail: `it is ${code}`,
    instance: "/v1",
    code,
    requestId: "request-1",
    ...(errors && { errors }),
  };
  return Response.json(problem, {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
