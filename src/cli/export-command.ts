/** `rollcall export`: every player that a server shows, as JSON lines. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { PAGE_ITEMS_MAX } from "../http/contract/limits.ts";
import { CommandError } from "./command-error.ts";
import { EXIT_STOPPED, exitWith } from "./exit-with.ts";
import { playerPage, reasonOf, ServerConnection } from "./server-connection.ts";
import { type ServerOptions, tokenOption, urlOption } from "./server-options.ts";
import { writeWholeFile } from "./whole-file.ts";

interface ExportOptions extends ServerOptions {
  readonly out?: string;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("write all players out as JSON lines; with an API key, also their identities")
    .option("--out <file>", "where to, whole or not at all (default: standard output)")
    .addOption(urlOption())
    .addOption(tokenOption())
    .addHelpText("after", HELP)
    .action((options: ExportOptions) => exportPlayers(options).catch(exitWith));
}

async function exportPlayers({ url, token, out }: ExportOptions): Promise<void> {
  const onRateLimit = (): void => {
    process.stderr.write("the server limits requests, unless by an API key (--token); waiting as it asks\n");
  };
  const connection = new ServerConnection({ url, token, connectionsMax: 1, onRateLimit });
  const players = Readable.from(pages(connection));
  try {
    await connection.checkAccess();
    if (out === undefined) await print(players);
    else await save(players, out, () => connection.close());
  } finally {
    connection.close();
  }
}

async function print(players: Readable): Promise<void> {
  try {
    await pipeline(players, process.stdout, { end: false });
  } catch (error) {
    // Whoever reads has seen enough.
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}

async function save(players: Readable, out: string, close: () => void): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
    // The page under way would be waited for.
    close();
  };
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    await writeWholeFile(out, players, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`stopped; ${out} is as it was before\n`);
    process.exitCode = EXIT_STOPPED;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/** A page at a time, each the text of its lines. */
async function* pages(connection: ServerConnection): AsyncGenerator<string> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await connection.call({
      method: "GET",
      path: `/v1/players?limit=${PAGE_ITEMS_MAX}${from}`,
    });
    const page = playerPage.safeParse(answer.body);
    if (answer.status !== 200 || !page.success) throw new CommandError("refused", reasonOf(answer));
    yield page.data.items.map((player) => `${JSON.stringify(player)}\n`).join("");
    cursor = page.data.next;
  }
}

const HELP = `
Players are in the order of their ids. Each line is a player as
GET /v1/players/{id} answers it; players who come or change meanwhile may be in
it or not.

Example:
  rollcall export --url http://127.0.0.1:7400 --token "$KEY" --out players.jsonl`;
