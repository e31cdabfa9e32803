/** `rollcall serve`: how it is called. */
import { Command } from "commander";

export function serveCommand(): Command {
  return new Command("serve")
    .description("run one server on the settings in the environment (ROLLCALL_…)")
    .addHelpText("after", HELP)
    .action(async () => (await import("./serve.ts")).serve());
}

const HELP = `
Needed: ROLLCALL_SERVER, ROLLCALL_DATABASE_URL, ROLLCALL_BROKER_URL and
ROLLCALL_CLUSTER_SECRET. Each setting can be given as NAME_FILE too, naming a
file that holds it. All of them: docs/settings.md

Example:
  ROLLCALL_SERVER=eu-1 \\
  ROLLCALL_DATABASE_URL=postgres://rollcall:secret@127.0.0.1/rollcall \\
  ROLLCALL_BROKER_URL=redis://127.0.0.1:6379 \\
  ROLLCALL_PEER_BROKER_URLS=redis://10.0.0.2,redis://10.0.0.3 \\
  ROLLCALL_CLUSTER_SECRET_FILE=/etc/rollcall/cluster-secret \\
  rollcall serve`;
