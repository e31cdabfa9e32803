/** `rollcall doctor`: how it is called. */
import type { Command } from "commander";
import { finish, operatorCommand } from "../operator/operator-session.ts";
import type { OperatorOptions } from "../server-options.ts";

export function doctorCommand(): Command {
  const command = operatorCommand(
    "doctor",
    "look at settings, database, brokers and clocks, and say what to do",
  );
  return finish(command, HELP, async (options: OperatorOptions) => {
    const { doctor } = await import("./doctor.ts");
    await doctor(options, command.getOptionValueSource("url") !== "default");
  });
}

const HELP = `Where the settings of a server are in the environment (ROLLCALL_…), they are
checked, and its database and all brokers as it would use them; nothing is
written there. The server itself is asked if it runs; elsewhere, what --url says
is all there is to know. Exits with 1 if something has to be mended.

Example:
  set -a; . /etc/rollcall/eu-1.env; rollcall doctor`;
