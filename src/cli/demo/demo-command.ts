/** `rollcall demo`: how it is called. */
import { Command, InvalidArgumentError } from "commander";
import type { DemoOptions } from "./demo.ts";

const DEFAULT_FOLDER = ".rollcall/demo";
const SERVERS_MAX = 9;

export function demoCommand(): Command {
  return new Command("demo")
    .description("run a whole cluster on this machine: PostgreSQL, Redis and servers, nothing to install")
    .option("--servers <number>", "how many servers", parseServers, 3)
    .option("--folder <path>", "where its data is kept between runs", DEFAULT_FOLDER)
    .addHelpText(
      "after",
      "\nExample:\n  rollcall demo --servers 3\n  curl -s http://127.0.0.1:7401/v1/players",
    )
    .action(async (options: DemoOptions) => (await import("./demo.ts")).demo(options));
}

function parseServers(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > SERVERS_MAX) {
    throw new InvalidArgumentError(`expected a number from 1 to ${SERVERS_MAX}`);
  }
  return number;
}
