/** PING by the bare protocol: it holds no connection, retries nothing, and a frozen server is a time-out. */
import { once } from "node:events";
import { connect } from "node:net";

/** Throws unless the answer is PONG within the time. */
export async function pingRedis(port: number, withinMs: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port });
  const signal = AbortSignal.timeout(withinMs);
  try {
    await once(socket, "connect", { signal });
    socket.write("*1\r\n$4\r\nPING\r\n");
    const [answer]: unknown[] = await once(socket, "data", { signal });
    if (String(answer) !== "+PONG\r\n") throw new RedisPingError(`port ${port} answers PING with ${answer}`);
  } finally {
    socket.destroy();
  }
}

class RedisPingError extends Error {
  override readonly name = "RedisPingError";
  readonly code = "not-redis";
}
