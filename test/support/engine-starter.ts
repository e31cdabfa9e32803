/** A process that starts a PostgreSQL and a Redis in the folder given, says their pids, and waits to be killed. */
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/cli/demo/embedded-postgres.ts";
import { startLocalBroker } from "../../src/cli/demo/local-broker.ts";

const folder = String(process.argv[2]);
const postgres = await startEmbeddedPostgres({ folder, durable: false });
await postgres.createDatabase("kept");
const broker = await startLocalBroker({ folder: join(folder, "redis") });
process.stdout.write(`${JSON.stringify({ postgresPid: postgres.pid, redisPid: broker.pid })}\n`);
