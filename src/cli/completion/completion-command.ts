/** `rollcall completion`: a script by which a shell completes what is typed after `rollcall`. */
import { Argument, Command } from "commander";
import { bashScript } from "./bash-script.ts";
import { completedCommands } from "./completed-words.ts";
import { zshScript } from "./zsh-script.ts";

const SHELLS = ["bash", "zsh"] as const;
const PROGRAM_FLAGS = ["-V", "--version", "-h", "--help"];

export function completionCommand(): Command {
  const command = new Command("completion")
    .description("print a script that completes commands, options and values in a shell")
    .addArgument(new Argument("<shell>", "which one").choices(SHELLS))
    .addHelpText("after", HELP);
  return command.action(async (shell: (typeof SHELLS)[number]) => {
    const commands = await completedCommands(command.parent ?? command);
    const script = shell === "bash" ? bashScript(commands, PROGRAM_FLAGS) : zshScript(commands);
    process.stdout.write(`${script}\n`);
  });
}

const HELP = `
It is made of the commands themselves, and starts no process while you type.

Examples:
  source <(rollcall completion bash)
  rollcall completion zsh > ~/.zfunc/_rollcall`;
