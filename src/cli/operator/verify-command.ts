/** `rollcall verify`: a server looks at everything that it holds, followed until it is done; then all are compared. */
import type { Command } from "commander";
import type { VerificationAnswer } from "../../http/contract/verification.ts";
import { EXIT_FAILED } from "../exit-with.ts";
import type { OperatorOptions } from "../server-options.ts";
import { screenOf } from "../text/screen.ts";
import { followed } from "./followed-verification.ts";
import { OperatorApi } from "./operator-api.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { ProgressWriter } from "./progress-writer.ts";
import type { StatusReport } from "./server-status.ts";
import { serversCompared } from "./servers-compared.ts";
import { progressLine, verificationLines } from "./verify-text.ts";

export function verifyCommand(): Command {
  return finish(operatorCommand("verify", "let a server look at everything that it holds"), HELP, verify);
}

function verify(options: OperatorOptions): Promise<void> {
  return withServer(options, async (api) => {
    const answer = await withProgress(api, options);
    const report = await compared(options);
    show(options, shown(answer, report), (screen) => verificationLines(answer, report, screen));
    const isWhole = answer.state === "done" && answer.faultsFound === 0;
    if (!isWhole || report.agreement === "different") process.exitCode = EXIT_FAILED;
  });
}

async function withProgress(api: OperatorApi, options: OperatorOptions): Promise<VerificationAnswer> {
  const writer = new ProgressWriter(process.stderr);
  try {
    return await followed(api, {
      tell: (progress, trouble) =>
        writer.tell(progressLine(progress, screenOf(process.stderr, options), trouble)),
    });
  } finally {
    writer.end();
  }
}

async function compared({ url: urls, token, operator }: OperatorOptions): Promise<StatusReport> {
  const apis = urls.map((url) => new OperatorApi({ url, token, operator }));
  try {
    return await serversCompared(apis);
  } finally {
    for (const api of apis) api.close();
  }
}

function shown(answer: VerificationAnswer, { agreement, alike, notAsked }: StatusReport): object {
  return { ...answer, agreement, alike, notAsked };
}

const HELP = `The first server that can be reached looks at all that it holds; then those that
are named are compared, as with the same entries they have to show the same. It
takes over a minute for 100,000 players, and is followed to its end; the server
goes on with it when this command is ended by Ctrl-C. Exits with 1 if something
is wrong.

Example:
  rollcall verify --url http://127.0.0.1:7402`;
