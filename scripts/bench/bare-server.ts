/** A bare Express server of its own process, to compare with. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/cli/demo/free-port.ts";

export interface BareServer {
  readonly url: string;
  readonly stop: () => void;
}

const POLL_MS = 50;

/** @param script Of this folder; it is given the URL of a database and the port to listen on. */
export async function startBareServer(script: string, databaseUrl: string): Promise<BareServer> {
  const port = await freePort();
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, databaseUrl, String(port)], {
    stdio: "inherit",
  });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new RangeError(`${script} did not start`);
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return { url, stop: () => child.kill() };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
