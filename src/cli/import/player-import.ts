/** Players of another system become players here, through the REST of a running server. */
import { createWriteStream, openSync, type WriteStream } from "node:fs";
import { CommandError } from "../command-error.ts";
import { EXIT_STOPPED } from "../exit-with.ts";
import { ServerConnection } from "../server-connection.ts";
import type { ServerOptions } from "../server-options.ts";
import { fileSource } from "./file-source.ts";
import { Importer, type RejectedRow } from "./importer.ts";
import { readMap } from "./map-file.ts";
import { postgresSource } from "./postgres-source.ts";
import { count, ProgressLine } from "./progress-line.ts";
import type { Source } from "./source-row.ts";

export interface ImportOptions extends ServerOptions {
  readonly from: string;
  readonly query?: string;
  readonly map?: string;
  readonly rejects?: string;
  readonly skip: number;
  readonly parallel: number;
  readonly json?: boolean;
}

const EXIT_ROWS_REJECTED = 3;

export async function importPlayers(options: ImportOptions): Promise<void> {
  const { url, token, parallel, skip } = options;
  const map = readMap(options.map);
  const openSource = sourceOf(options);
  const startedAt = performance.now();
  const connection = new ServerConnection({
    url,
    token,
    connectionsMax: parallel,
    onRateLimit: () =>
      line.say("the server limits requests; it does not with an API key of 22 or more characters (--token)"),
  });
  const { source, rejects } = await connection
    .checkAccess()
    .then(async () => ({ source: await openSource(), rejects: rejectsOf(options.rejects) }))
    .catch((error: unknown) => {
      connection.close();
      throw error;
    });
  const onRejected = (row: RejectedRow): void => {
    if (rejects) rejects.write(`${JSON.stringify(row)}\n`);
    else line.say(`line ${row.line}: ${row.reason}`);
  };
  const importer = new Importer({
    ...{ source, map, parallel, skip, onRejected },
    call: (call) => connection.call(call),
  });
  const seconds = (): number => (performance.now() - startedAt) / 1_000;
  const line = new ProgressLine(process.stderr, () => {
    const { created, present, rejected } = importer.counts;
    const rows = created + present + rejected;
    return { rows, rejected, share: source.progress(), seconds: seconds() };
  });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    importer.stop();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  let finished = false;
  try {
    await importer.run();
    finished = !stopped;
  } finally {
    line.end();
    if (!finished && importer.settledRows > 0)
      line.say(`stopped; to go on, give the same command with --skip ${importer.settledRows}`);
    connection.close();
    await source.close();
    rejects?.end();
  }
  const { created, present, rejected } = importer.counts;
  const took = Math.round(seconds() * 10) / 10;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ rows: importer.settledRows, created, present, rejected, seconds: took, finished })}\n`
      : `${count(created)} players registered, ${count(present)} were there, ${count(rejected)} rows rejected, in ${took} s\n`,
  );
  if (stopped) process.exitCode = EXIT_STOPPED;
  else if (rejected > 0) process.exitCode = EXIT_ROWS_REJECTED;
}

/** How to open it. @throws CommandError `bad-usage` */
function sourceOf({ from, query }: ImportOptions): () => Promise<Source> {
  if (/^postgres(ql)?:\/\//.test(from)) {
    if (query !== undefined) return () => postgresSource(from, query);
    const example = `--query "select * from players order by id"`;
    throw new CommandError("bad-usage", `say which rows to take from PostgreSQL: ${example}`);
  }
  if (query !== undefined) throw new CommandError("bad-usage", "--query is for PostgreSQL, not for a file");
  if (/\.(csv|jsonl)$/.test(from)) return async () => fileSource(from);
  throw new CommandError(
    "bad-usage",
    `--from ${from} is neither postgres://… nor a file that ends in .csv or .jsonl`,
  );
}

function rejectsOf(path: string | undefined): WriteStream | undefined {
  if (path === undefined) return undefined;
  try {
    return createWriteStream(path, { fd: openSync(path, "w") });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError("bad-target", `--rejects ${path} cannot be written: ${why}`, { cause: error });
  }
}
