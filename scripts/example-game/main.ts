/** `npm run example-game`: bots that play, to look at and for load. */
import { InvalidArgumentError as BadOption, Command, Option } from "commander";
import { createClient, InvalidArgumentError } from "../../src/client/client.ts";
import { answering } from "./answering.ts";
import { Game, type GameOptions } from "./game.ts";
import { progressText, resultText } from "./game-text.ts";
import { ProgressLine } from "./progress-line.ts";

/** Of `npm start`. */
const SERVERS_DEFAULT = ["http://127.0.0.1:7401", "http://127.0.0.1:7402", "http://127.0.0.1:7403"];
const BOTS_DEFAULT = 12;
const MINUTES_DEFAULT = 1;
const SEED_DEFAULT = 1;
const EXIT_FAILED = 1;

const HELP = `
Exit code 0: no call failed for a player, whatever became of servers meanwhile; 1: some did, or nobody answers.
The same seed is the same bots with the same accounts: it goes on where an earlier game of that seed ended.

Example, against npm start in another terminal:
  npm run example-game -- --bots 30 --minutes 2
`;

const command = new Command("example-game")
  .description("bots that register, find each other, play and report, through the client")
  .addOption(
    new Option("--servers <urls>", "servers of one cluster, separated by commas")
      .argParser(parseServers)
      .default(SERVERS_DEFAULT, "the three of npm start"),
  )
  .option("--bots <number>", "how many play", wholeNumber(1), BOTS_DEFAULT)
  .option("--minutes <number>", `how long (default: ${MINUTES_DEFAULT}, unless --matches is given)`, positive)
  .option("--matches <number>", "until so many matches were played to the end", wholeNumber(1))
  .option("--seed <number>", "the same bots with the same decisions", wholeNumber(0), SEED_DEFAULT)
  .option("--speed <number>", "how much faster than people who do not think for long", positive, 1)
  .addHelpText("after", HELP);

async function main({ minutes, matches, ...options }: GameOptions): Promise<void> {
  const limits =
    minutes === undefined && matches === undefined ? { minutes: MINUTES_DEFAULT } : { minutes, matches };
  if ((await answering(options.servers)).length === 0) {
    say(
      `nobody answers at ${options.servers.join(", ")}: run npm start in another terminal and wait until it prints ` +
        "its commands, or name your own servers by --servers",
    );
    process.exitCode = EXIT_FAILED;
    return;
  }
  const game = new Game({ ...options, ...limits });
  // The second one ends the process, as ever.
  process.once("SIGINT", () => game.end()).once("SIGTERM", () => game.end());
  const line = new ProgressLine(process.stderr, () => progressText(game));
  const result = await game.play().finally(() => line.end());
  say(resultText(result));
  if (result.record.failed > 0) process.exitCode = EXIT_FAILED;
}

function parseServers(text: string): string[] {
  const servers = text.split(",");
  try {
    createClient({ servers });
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new BadOption(error.message);
    throw error;
  }
  return servers;
}

function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number >= min) return number;
    throw new BadOption(`expected a whole number from ${min}`);
  };
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new BadOption("expected a number above 0");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main(command.parse().opts<GameOptions>());
