/**
 * A free TCP port on 127.0.0.1.
 *
 * Ports come from below the ephemeral ranges of Linux (32768 and up) and macOS (49152 and up). Above, a client
 * that keeps reconnecting to a killed server is given, sooner or later, that very port as its own source port;
 * it then connects to itself, and the server cannot come back because its port is taken.
 *
 * Nothing reserves a port between the answer and its use: who binds it has to expect to find it taken.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { LocalProcessError } from "./local-process-error.ts";

const HOST = "127.0.0.1";
const PORT_MIN = 15_000;
const PORT_MAX = 31_999;

/** A machine on which 100 random ports of 17,000 are all taken has another problem. */
const ATTEMPTS = 100;

export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    if (await isPortFree(port)) return port;
  }
  throw new LocalProcessError("port-in-use", `no free port found on ${HOST} in ${ATTEMPTS} attempts`);
}

/** Throws a `port-in-use` error that names who wanted the port. */
export async function assertPortFree(port: number, wantedBy: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new LocalProcessError(
    "port-in-use",
    `port ${port} on ${HOST}, wanted by ${wantedBy}, is taken: stop what listens there or choose another port`,
  );
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
