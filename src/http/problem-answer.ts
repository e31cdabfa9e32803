/** Answers errors, whichever way they came: from a route or on the way to it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { sendAnswer } from "./answer.ts";
import { requestIdOf } from "./common-headers.ts";
import { PROBLEM_MEDIA_TYPE, type Problem } from "./contract/problem.ts";
import { isForeseen, toAnswerable } from "./problems.ts";
import { shownPathOf } from "./request-path.ts";

export function answerError(
  error: unknown,
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): void {
  const requestId = requestIdOf(response);
  const path = shownPathOf(url);
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

/** What could not even be answered as an error is cut: it costs its own request, and not the process. */
export function giveUp(error: unknown, response: ServerResponse, logger: Logger): void {
  response.destroy();
  logger.error({ err: error, requestId: requestIdOf(response) }, "an error could not be answered");
}
