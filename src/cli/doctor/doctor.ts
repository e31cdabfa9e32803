/** Looks at settings, database, brokers and clocks, and says what to do. */
import type { Settings } from "../../server/settings.ts";
import { EXIT_FAILED } from "../exit-with.ts";
import { OperatorApi } from "../operator/operator-api.ts";
import { show } from "../operator/operator-session.ts";
import { askServer } from "../operator/server-status.ts";
import type { OperatorOptions } from "../server-options.ts";
import { brokerChecks } from "./broker-checks.ts";
import type { Check } from "./check.ts";
import { databaseChecks } from "./database-checks.ts";
import { doctorLines } from "./doctor-text.ts";
import { serverChecks } from "./server-checks.ts";
import { hasSettings, settingsReport } from "./settings-checks.ts";

const ANSWER_WITHIN_MS = 5_000;

export async function doctor(options: OperatorOptions, urlGiven: boolean): Promise<void> {
  const { checks, settings } = hasSettings(process.env) ? settingsReport(process.env) : { checks: [] };
  const here =
    settings === undefined ? [] : await Promise.all([databaseChecks(settings), brokerChecks(settings)]);
  const urls = urlGiven || settings === undefined ? options.url : [ownUrl(settings)];
  const isExpected = urlGiven || settings === undefined;
  // Where settings are at fault no server runs on them, and whichever listens at the default is none of theirs.
  const asksServers = urlGiven || checks.every(({ verdict }) => verdict !== "bad");
  const token = options.token ?? settings?.opsToken;
  const servers = asksServers ? await Promise.all(urls.map((url) => look(url, token, isExpected))) : [];
  const all: Check[] = [...checks, ...here.flat(), ...servers.flat()];
  show(options, { checks: all }, (screen) => doctorLines(all, screen));
  if (all.some(({ verdict }) => verdict === "bad")) process.exitCode = EXIT_FAILED;
}

async function look(url: string, token: string | undefined, expected: boolean): Promise<Check[]> {
  const api = new OperatorApi({ url, token, timeoutMs: ANSWER_WITHIN_MS });
  try {
    return serverChecks(await askServer(api), expected);
  } finally {
    api.close();
  }
}

/** Where a server on these settings listens, as it is reached from here. */
function ownUrl({ host, port }: Settings): string {
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
