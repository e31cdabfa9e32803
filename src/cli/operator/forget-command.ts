/** `rollcall forget`: a server that is gone for good is no member any more, and nobody waits for it. */
import type { Command } from "commander";
import type { ClusterAnswer } from "../../http/contract/cluster.ts";
import { CommandError } from "../command-error.ts";
import type { OperatorOptions } from "../server-options.ts";
import { type Screen, screenOf } from "../text/screen.ts";
import { drawLine, drawText } from "../text/span.ts";
import { ageWords } from "../text/time-words.ts";
import { isConfirmed } from "./confirmation.ts";
import { memberLines } from "./members-text.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";

interface ForgetOptions extends OperatorOptions {
  readonly reason?: string;
  readonly yes?: true;
}

export function forgetCommand(): Command {
  const command = operatorCommand("forget", "let go of a server that is gone for good")
    .argument("<name>", "of the member")
    .option("--reason <text>", "why, for the audit")
    .option("--yes", "do not ask");
  return finish(command, HELP, forget);
}

function forget(options: ForgetOptions, name: string): Promise<void> {
  return withServer(options, async (api) => {
    const plan = forgetPlan(name, await api.cluster(), screenOf(process.stderr, options));
    if (!(await isConfirmed(plan, `Forget it, at ${api.url}?`, options.yes === true))) return;
    const cluster = await api.forget(name, options.reason);
    show(options, cluster, (screen) => memberLines(cluster, screen));
  });
}

/**
 * What is going to be done. One that is not listed may be a member all the same, which was not heard since the server
 * began: that is for the server to say.
 * @throws CommandError when it is alive, which the server would refuse
 */
export function forgetPlan(
  name: string,
  { server, members, realm }: ClusterAnswer,
  screen: Screen,
): string[] {
  const member = members.find((one) => one.name === name);
  if (member && (member.self || member.state === "alive" || member.state === "starting")) {
    throw new CommandError("refused", `${name} is alive; stop it first, if it is to go`);
  }
  const heard = member?.lastHeardAt ? ageWords(member.lastHeardAt, screen.nowMs) : undefined;
  const how =
    heard === undefined ? `not heard since ${server} began` : `${member?.state}, was heard ${heard}`;
  return [
    drawLine([{ text: `member ${name} of realm ${realm}`, paint: "bold" }, `  ${how}`], screen),
    ...drawText(
      "All servers stop waiting for it. What it wrote and nobody heard is lost, unless it comes back: then it joins as new.",
      screen,
      2,
    ),
  ];
}

const HELP = `Names wait for every member to be confirmed; so one that does not come back is
to be forgotten. On a terminal it says what it will do, and asks; elsewhere it
needs --yes.

Example:
  rollcall forget eu-3 --reason "its disk is gone"`;
