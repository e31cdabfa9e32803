/** `rollcall audit`: what operators and trusted back ends did, newest first. */
import { type Command, Option } from "commander";
import { auditQuery } from "../../http/contract/audit.ts";
import type { OperatorOptions } from "../server-options.ts";
import { auditLines } from "./audit-text.ts";
import { documentIdOf } from "./document-id.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";
import { parseLimit, parseSince } from "./option-values.ts";

interface AuditOptions extends OperatorOptions {
  readonly document?: string;
  readonly action?: string;
  readonly since?: string;
  readonly limit: number;
}

const LIMIT_DEFAULT = 20;
const ACTIONS = auditQuery.shape.action.unwrap().options;

export function auditCommand(): Command {
  const command = operatorCommand("audit", "what operators and trusted back ends did, newest first")
    .addOption(new Option("--action <action>", "of one kind").choices(ACTIONS))
    .option("--since <time>", "since a time, or for so long: 12h, 7d", parseSince)
    .option("--document <id>", "to one player (or username) or match")
    .option("--limit <number>", "how many", parseLimit, LIMIT_DEFAULT);
  return finish(command, HELP, audit);
}

function audit(options: AuditOptions): Promise<void> {
  const { action, since, document, limit } = options;
  return withServer(options, async (api) => {
    const documentId = document === undefined ? undefined : await documentIdOf(document, api);
    const found = await api.audit({ documentId, action, since }, limit);
    show(options, found, (screen) => auditLines(found, screen));
  });
}

const HELP = `Times are UTC. Names of operators are as they gave them by --operator.

Example:
  rollcall audit --action restore --since 7d`;
