/**
 * A verification from its beginning to its end, however long it takes: the server does it by itself, and is asked how
 * far it is. That it does not answer for a while, busy or behind a proxy that restarts, ends nothing there, so it is
 * asked again.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { VerificationAnswer } from "../../http/contract/verification.ts";
import { CommandError } from "../command-error.ts";
import type { OperatorApi } from "./operator-api.ts";

export interface Following {
  /** How far it is, and why it is not known better. */
  readonly tell: (progress: VerificationAnswer, trouble?: string) => void;
  readonly pause?: (ms: number) => Promise<unknown>;
}

const LOOK_EVERY_MS = 500;
const AGAIN_AFTER_MS = 2_000;
/** Two minutes at least, and an hour where each try is only given up after its time. */
const TRIES_MAX = 60;

/** One that is over. @throws CommandError */
export async function followed(
  api: Pick<OperatorApi, "url" | "startVerification" | "verification">,
  { tell, pause = delay }: Following,
): Promise<VerificationAnswer> {
  let answer = await api.startVerification();
  let failures = 0;
  while (answer.state === "running") {
    if (failures === 0) tell(answer);
    await pause(failures === 0 ? LOOK_EVERY_MS : AGAIN_AFTER_MS);
    try {
      answer = (await api.verification()) ?? interrupted(api.url);
      failures = 0;
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== "unreachable") throw error;
      failures++;
      if (failures === TRIES_MAX) throw lost(error);
      tell(answer, error.message);
    }
  }
  return answer;
}

function interrupted(url: string): never {
  const what = `${url} was started again, which ended the verification: begin it by the same command`;
  throw new CommandError("no-verdict", what);
}

function lost(error: CommandError): CommandError {
  const what = `${error.message}; if the server runs, it goes on: the same command follows it`;
  return new CommandError("unreachable", what, { cause: error });
}
