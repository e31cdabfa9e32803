/** `rollcall members`: who belongs to the cluster, as one server sees it. */
import type { Command } from "commander";
import type { OperatorOptions } from "../server-options.ts";
import { memberLines } from "./members-text.ts";
import { finish, operatorCommand, show, withServer } from "./operator-session.ts";

export function membersCommand(): Command {
  return finish(
    operatorCommand("members", "who belongs to the cluster, as one server sees it"),
    HELP,
    members,
  );
}

function members(options: OperatorOptions): Promise<void> {
  return withServer(options, async (api) => {
    const cluster = await api.cluster();
    show(options, cluster, (screen) => memberLines(cluster, screen));
  });
}

const HELP = `"behind" and "for" say how many entries a member lacks that this server holds,
and for how long; "clock" how far its clock is from this server's.

Example:
  rollcall members --url http://127.0.0.1:7401 --token "$ROLLCALL_OPS_TOKEN"`;
