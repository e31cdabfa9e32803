/** `rollcall conflicts`: what rules had to decide between, newest first. */
import { type Command, Option } from "commander";
import { conflictListQuery } from "../../http/contract/conflict.ts";
import type { OperatorOptions } from "../server-options.ts";
import { conflictLines } from "./conflicts-text.ts";
import { documentIdOf } from "./document-id.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { parseLimit, parseSince } from "./option-values.ts";

interface ConflictsOptions extends OperatorOptions {
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly server?: string;
  readonly document?: string;
  readonly limit: number;
}

const LIMIT_DEFAULT = 20;

export function conflictsCommand(): Command {
  const command = operatorCommand("conflicts", "what rules had to decide between, newest first")
    .addOption(new Option("--kind <kind>", "of one kind").choices(KINDS))
    .option("--since <time>", "since a time, or for so long: 12h, 7d", parseSince)
    .option("--until <time>", "all of it before a time, or before so long ago", parseSince)
    .option("--server <name>", "in which a server has a part")
    .option("--document <id>", "of one player (or username) or match")
    .option("--limit <number>", "how many", parseLimit, LIMIT_DEFAULT);
  return finish(command, HELP, conflicts);
}

function conflicts(options: ConflictsOptions): Promise<void> {
  const { kind, since, until, server, document, limit } = options;
  return withServer(options, async (api) => {
    const query = { kind, since, until, server };
    const found =
      document === undefined
        ? await api.conflicts(query, limit)
        : await api.conflictsOf(await documentIdOf(document, api), query, limit);
    show(options, found, (screen) => conflictLines(found, screen));
  });
}

const KINDS = conflictListQuery.shape.kind.unwrap().options;

const HELP = `What stands has a ●, what lost a ○; rollcall restore puts back what lost.

Example:
  rollcall conflicts --kind username --since 12h`;
