#!/usr/bin/env node
/** The `rollcall` command. Each subcommand has a file of its own. */
import { Command } from "commander";
import { demoCommand } from "./demo/demo-command.ts";
import { exportCommand } from "./export-command.ts";
import { importCommand } from "./import/import-command.ts";
import { serveCommand } from "./serve.ts";
import { splitBrainCommand } from "./split-brain/split-brain-command.ts";
import { VERSION } from "./version.ts";

const program = new Command("rollcall")
  .description("A player registry for multiplayer games that has no main server.")
  .version(VERSION)
  .showHelpAfterError()
  .addCommand(serveCommand())
  .addCommand(demoCommand())
  .addCommand(splitBrainCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand());

await program.parseAsync();
