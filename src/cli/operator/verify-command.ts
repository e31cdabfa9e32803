/** `rollcall verify`: a server looks at everything that it holds; followed until it is done. */
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { VerificationAnswer } from "../../http/contract/verification.ts";
import { EXIT_FAILED } from "../exit-with.ts";
import type { OperatorOptions } from "../server-options.ts";
import { screenOf } from "../text/screen.ts";
import type { OperatorApi } from "./operator-api.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { progressLine, verificationLines } from "./verify-text.ts";

const LOOK_EVERY_MS = 500;
const CLEAR_LINE = "\r\u001b[2K";

export function verifyCommand(): Command {
  return finish(operatorCommand("verify", "let a server look at everything that it holds"), HELP, verify);
}

function verify(options: OperatorOptions): Promise<void> {
  return withServer(options, async (api) => {
    const answer = await followed(api, (progress) => {
      if (!process.stderr.isTTY) return;
      process.stderr.write(
        CLEAR_LINE + (progress ? progressLine(progress, screenOf(process.stderr, options)) : ""),
      );
    });
    show(options, answer, (screen) => verificationLines(answer, screen));
    if (answer.faultsFound > 0) process.exitCode = EXIT_FAILED;
  });
}

/** @param tell Told how far it is, and at last nothing. */
export async function followed(
  api: Pick<OperatorApi, "startVerification" | "verification">,
  tell: (progress: VerificationAnswer | undefined) => void,
  everyMs = LOOK_EVERY_MS,
): Promise<VerificationAnswer> {
  let answer = await api.startVerification();
  try {
    while (answer.state === "running") {
      tell(answer);
      await pause(everyMs);
      answer = await api.verification();
    }
    return answer;
  } finally {
    tell(undefined);
  }
}

const HELP = `The server goes on with it when this command is ended by Ctrl-C. Exits with 1 if
something is wrong.

Example:
  rollcall verify --url http://127.0.0.1:7402`;
