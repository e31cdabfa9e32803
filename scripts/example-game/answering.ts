/** Which servers are there at all, before anybody plays: the client would look for them for ten seconds. */

const ANSWERS_WITHIN_MS = 3_000;

export async function answering(servers: readonly string[]): Promise<string[]> {
  const found = await Promise.all(servers.map(async (server) => ((await answers(server)) ? [server] : [])));
  return found.flat();
}

/** Also one that is not ready is there. */
async function answers(server: string): Promise<boolean> {
  try {
    const response = await fetch(`${server.replace(/\/+$/, "")}/healthz`, {
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
