/**
 * Whether servers show the same, once they hold the same: digests tell it of the same entries alone, and what is being
 * written reaches one of them first.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { OperatorApi } from "./operator-api.ts";
import { askServer, type StatusReport, statusReport } from "./server-status.ts";

const AGAIN_AFTER_MS = 500;
/** With writes that never pause, they may be behind one another whenever they are asked. */
const TRIES_MAX = 10;

export async function serversCompared(
  apis: readonly OperatorApi[],
  ask: typeof askServer = askServer,
  pause: (ms: number) => Promise<unknown> = delay,
): Promise<StatusReport> {
  for (let tries = 1; ; tries++) {
    const report = statusReport(await Promise.all(apis.map((api) => ask(api))));
    if (report.agreement !== "behind" || tries === TRIES_MAX) return report;
    await pause(AGAIN_AFTER_MS);
  }
}
