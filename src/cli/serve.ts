/** One server, on the settings of the environment, until SIGTERM or Ctrl-C. */
import { createLogger } from "../server/logger.ts";
import { type RunningServer, startServer } from "../server/server.ts";
import { readSettings, type Settings, SettingsError } from "../server/settings.ts";
import { endInOrder } from "./end-in-order.ts";
import { VERSION } from "./version.ts";

const EXIT_BAD_SETTINGS = 2;
const EXIT_FAILED = 1;
/** Longer than requests, waiting writes and connections are given to end. */
const CLOSE_WITHIN_MS = 20_000;

export async function serve(): Promise<void> {
  const settings = settingsOrExit();
  const logger = createLogger(settings);
  // What an operator is promised to see does not depend on the level.
  const announcer = logger.child({}, { level: "info" });
  announcer.info({ settings: settings.shown, version: VERSION }, "settings");
  const fail = (error: unknown): never => {
    logger.fatal({ err: error }, error instanceof Error ? error.message : "failed");
    process.exit(EXIT_FAILED);
  };
  let port = settings.port;
  const start = async (): Promise<RunningServer> => {
    const options = { settings: { ...settings, port }, version: VERSION, logger, onFatal: fail };
    const started = await startServer({ ...options, onForgotten: () => void beginAnew() }).catch(fail);
    // Where any free port would do, the next incarnation takes the same: clients know it.
    port = Number(new URL(started.url).port) || port;
    announcer.info({ url: started.url }, `listening on ${started.url}`);
    return started;
  };
  let ending = false;
  let server = start();
  /** A forgotten incarnation ends in order, and the next begins in the same process (docs/decisions/0011). */
  const beginAnew = async (): Promise<void> => {
    const before = await server;
    if (ending) return;
    server = before.stop().then(start);
    await (await server).opened.catch(fail);
  };
  endInOrder(CLOSE_WITHIN_MS, async ({ err, signal }) => {
    ending = true;
    if (err) logger.fatal({ err }, "ended by an error that nothing caught");
    else logger.info({ signal }, "draining");
    await (await server).stop();
    logger.info("ended");
  });
  await (await server).opened.catch(fail);
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`rollcall: ${error.message}\n`);
    process.exit(EXIT_BAD_SETTINGS);
  }
}
