/** `rollcall export`: every player that a server shows, as JSON lines. */
import { createWriteStream } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { z } from "zod";
import { PAGE_ITEMS_MAX } from "../http/contract/limits.ts";
import { CommandError } from "./command-error.ts";
import { exitWith } from "./exit-with.ts";
import { reasonOf, ServerConnection } from "./server-connection.ts";
import { type ServerOptions, tokenOption, urlOption } from "./server-options.ts";

interface ExportOptions extends ServerOptions {
  readonly out?: string;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("write all players out as JSON lines; with an API key, also their identities")
    .option("--out <file>", "where to (default: standard output)")
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
  const target: Writable = out === undefined ? process.stdout : createWriteStream(out);
  try {
    await pipeline(Readable.from(pages(connection)), target, { end: out !== undefined });
  } catch (error) {
    // Whoever reads has seen enough.
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  } finally {
    connection.close();
  }
}

/** Players as they are answered, with what a newer server may add. */
const playerPage = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });

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
Players are in the order of their ids. Each line is a player as GET /v1/players/{id} answers it; players who come or
change meanwhile may be in it or not.

Example:
  rollcall export --url http://127.0.0.1:7400 --token "$KEY" > players.jsonl`;
