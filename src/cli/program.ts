/**
 * All commands, in the groups that `rollcall --help` lists them by. Each has a file of its own, which says how it is
 * called. What it takes beyond asking a server, as a server itself, the lab or a database, is imported by its action:
 * the others, and all help, start without it.
 */
import { Command, type CommanderError } from "commander";
import { completionCommand } from "./completion/completion-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { EXIT_BAD_USAGE } from "./exit-with.ts";
import { exportCommand } from "./export-command.ts";
import { importCommand } from "./import/import-command.ts";
import { auditCommand } from "./operator/audit-command.ts";
import { conflictsCommand } from "./operator/conflicts-command.ts";
import { diffCommand } from "./operator/diff-command.ts";
import { forgetCommand } from "./operator/forget-command.ts";
import { historyCommand } from "./operator/history-command.ts";
import { membersCommand } from "./operator/members-command.ts";
import { restoreCommand } from "./operator/restore-command.ts";
import { showCommand } from "./operator/show-command.ts";
import { statusCommand } from "./operator/status-command.ts";
import { verifyCommand } from "./operator/verify-command.ts";
import { serveCommand } from "./serve-command.ts";
import { splitBrainCommand } from "./split-brain/split-brain-command.ts";
import { VERSION } from "./version.ts";

const EXIT_CODES = `
Exit codes: 0 it is done; 1 it could not be done; 2 wrong usage: an option,
setting or file that means nothing.`;

export function rollcallProgram(): Command {
  const program = new Command("rollcall")
    .description("A player registry for multiplayer games that has no main server.")
    .version(VERSION)
    // What a command takes, its own help tells.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .commandsGroup("Servers:")
    .addCommand(serveCommand())
    .addCommand(demoCommand())
    .addCommand(splitBrainCommand())
    .commandsGroup("Players, in and out:")
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .commandsGroup("Running servers, for their operators:")
    .addCommand(statusCommand())
    .addCommand(membersCommand())
    .addCommand(conflictsCommand())
    .addCommand(historyCommand())
    .addCommand(showCommand())
    .addCommand(diffCommand())
    .addCommand(restoreCommand())
    .addCommand(auditCommand())
    .addCommand(verifyCommand())
    .addCommand(forgetCommand())
    .addCommand(doctorCommand())
    .commandsGroup("This program:")
    .addCommand(completionCommand());
  // A command that is added takes over no settings of the program.
  for (const command of [program, ...program.commands]) {
    command
      .showHelpAfterError(
        `(rollcall ${command === program ? "" : `${command.name()} `}--help shows how it is used)`,
      )
      .exitOverride(exitForUsage)
      .addHelpText("after", EXIT_CODES);
  }
  return program;
}

function exitForUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : EXIT_BAD_USAGE);
}
