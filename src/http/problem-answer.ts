/** Answers errors, whichever way they came: from a route or from Express. */
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { sendAnswer } from "./answer.ts";
import { requestIdOf } from "./common-headers.ts";
import { PROBLEM_MEDIA_TYPE, type Problem } from "./contract/problem.ts";
import { isForeseen, toAnswerable } from "./problems.ts";

/** The last in the chain. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => answerError(error, request, response, logger);
}

function answerError(error: unknown, request: Request, response: Response, logger: Logger): void {
  const requestId = requestIdOf(response);
  const { path, method } = request;
  if (!isForeseen(error)) logger.error({ err: error, requestId, method, path }, "a request failed");
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { problem, headers } = toAnswerable(error);
  const { errors, ...rest } = problem;
  const value: Problem = { ...rest, instance: path, requestId, ...(errors && { errors }) };
  const body = JSON.stringify(value);
  sendAnswer(response, { status: problem.status, headers, body, contentType: PROBLEM_MEDIA_TYPE });
}
