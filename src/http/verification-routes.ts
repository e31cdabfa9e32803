/** Verifying what this server stores, for its operators (VER1). */
import type { VerificationReport } from "../registry/verification/verification.ts";
import { jsonAnswer } from "./answer.ts";
import { repeatableHeaders } from "./contract/headers.ts";
import { type VerificationAnswer, verification } from "./contract/verification.ts";
import { NeverVerifiedError } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { reached } from "./reach.ts";
import { defineRoute, type Route } from "./route.ts";
import { timeText } from "./time-text.ts";

type VerificationOptions = Pick<HttpOptions, "registry" | "verification">;

const PATH = "/v1/cluster/verify";

export function verificationRoutes(options: VerificationOptions): Route[] {
  return [startRoute(options), readRoute(options)];
}

function startRoute({ registry, verification: port }: VerificationOptions): Route {
  return defineRoute({
    method: "post",
    path: PATH,
    operationId: "startVerification",
    summary: "Holds everything that this server stores against the log, in the background, one at a time.",
    access: "ops",
    request: { headers: repeatableHeaders },
    responses: { 202: { description: "The one that is under way.", schema: verification } },
    handle: async ({ headers }) => {
      await reached(registry, headers);
      return jsonAnswer(202, verificationAnswer(port.start()));
    },
  });
}

function readRoute({ verification: port }: VerificationOptions): Route {
  return defineRoute({
    method: "get",
    path: PATH,
    operationId: "readVerification",
    summary: "The verification that is under way on this server, or the last one since it began.",
    access: "ops",
    request: {},
    refusals: ["never-verified"],
    responses: { 200: { description: "As far as it is.", schema: verification } },
    handle: () => {
      const report = port.latest();
      if (!report) throw new NeverVerifiedError();
      return jsonAnswer(200, verificationAnswer(report));
    },
  });
}

function verificationAnswer(report: VerificationReport): VerificationAnswer {
  const { state, part, startedAtMs, finishedAtMs, documents, entries, expected } = report;
  const { failure, faults, faultsFound } = report;
  return {
    state,
    ...(part && { part }),
    startedAt: timeText(startedAtMs),
    ...(finishedAtMs !== null && { finishedAt: timeText(finishedAtMs) }),
    documents,
    entries,
    ...(expected && { expected }),
    ...(failure && { failure: { code: failure.code, detail: failure.message } }),
    faults: faults.map((fault) => ({ ...fault })),
    faultsFound,
  };
}
