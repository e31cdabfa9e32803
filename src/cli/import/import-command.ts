/** `rollcall import`: how it is called. */
import { Command, InvalidArgumentError } from "commander";
import { exitWith } from "../exit-with.ts";
import { tokenOption, urlOption } from "../server-options.ts";
import type { ImportOptions } from "./player-import.ts";

const PARALLEL_DEFAULT = 32;
const PARALLEL_MAX = 256;

export function importCommand(): Command {
  return new Command("import")
    .description("bring existing players in, from a PostgreSQL query, a CSV or a JSON lines file")
    .requiredOption("--from <source>", "postgres://… or a file that ends in .csv or .jsonl")
    .option("--query <sql>", "of PostgreSQL: which rows, in a fixed order")
    .option("--map <file>", "a JSON file that says which column becomes what")
    .option("--rejects <file>", "where bad rows are listed, as JSON lines (default: standard error)")
    .option("--skip <rows>", "rows of the source that are in already", wholeNumber(0), 0)
    .option("--parallel <number>", "rows under way at a time", wholeNumber(1, PARALLEL_MAX), PARALLEL_DEFAULT)
    .option("--json", "print the summary as JSON")
    .addOption(urlOption())
    .addOption(tokenOption())
    .addHelpText("after", HELP)
    .action(async (options: ImportOptions) => {
      const { importPlayers } = await import("./player-import.ts");
      await importPlayers(options).catch(exitWith);
    });
}

function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(
      max === Number.MAX_SAFE_INTEGER
        ? `expected a whole number from ${min}`
        : `expected a whole number from ${min} to ${max}`,
    );
  };
}

const HELP = `
A row's key decides the player's id, so the same rows may be imported again, and
on several servers at a time. Where some rows were rejected, and the others are
in, the exit code is 3.

A map names the key column and says which column becomes what. Without one, the
key is "id" and columns that are called username, displayName, region, platform,
metadata, metadata.<key> or identity.<provider> are taken:
  {
    "key": "account_id",
    "columns": {
      "nick": "username",
      "steam_id": "identity.steam",
      "level": "metadata.level:number"
    }
  }

Example:
  rollcall import --from postgres://me@127.0.0.1/game \\
    --query "select * from players order by account_id" \\
    --map map.json --rejects rejected.jsonl`;
