/** `rollcall history`: what happened to a player or match, and how it forked and joined. */
import type { Command } from "commander";
import type { OperatorOptions } from "../server-options.ts";
import { documentIdOf } from "./document-id.ts";
import { historyLines } from "./history-text.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { parseLimit } from "./option-values.ts";

interface HistoryOptions extends OperatorOptions {
  readonly limit: number;
}

const LIMIT_DEFAULT = 50;

export function historyCommand(): Command {
  const command = operatorCommand("history", "what happened to a player or match, newest first")
    .argument("<id>", "its id, or a player's username")
    .option("--limit <number>", "how many changes", parseLimit, LIMIT_DEFAULT);
  return finish(command, HELP, history);
}

function history(options: HistoryOptions, id: string): Promise<void> {
  return withServer(options, async (api) => {
    const found = await api.history(await documentIdOf(id, api), options.limit);
    show(options, found, (screen) => historyLines(found, screen));
  });
}

const HELP = `Each change has a ● in its lane, and lines to those that it was made in
knowledge of. Where several servers changed it apart, there are several lanes.

Example:
  rollcall history ada --limit 20`;
