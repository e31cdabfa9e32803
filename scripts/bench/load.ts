/** Registrations over REST, as many as a number of connections can send. */
import { randomUUID } from "node:crypto";
import autocannon from "autocannon";

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  /** For so long, or so many of them. */
  readonly seconds?: number;
  readonly amount?: number;
}

/** Registrations a second that were answered with 201. @throws when any was answered otherwise. */
export async function registerByLoad({ url, connections, seconds, amount }: LoadOptions): Promise<number> {
  let number = 0;
  const result = await autocannon({
    url,
    connections,
    ...(seconds === undefined ? {} : { duration: seconds }),
    ...(amount === undefined ? {} : { amount }),
    requests: [
      {
        method: "POST",
        path: "/v1/players",
        headers: { "content-type": "application/json" },
        setupRequest: (request) => ({ ...request, body: registration(++number) }),
      },
    ],
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new RangeError(`${failed} registrations at ${url} failed`);
  return result["2xx"] / result.duration;
}

/** What a game would send: an identity, a name, where and on what the player plays. */
function registration(number: number): string {
  const subject = randomUUID();
  return JSON.stringify({
    identity: { provider: "device", subject },
    // A name that is taken is refused, also one of an earlier load.
    username: `player-${subject.slice(0, 13)}`,
    displayName: `Player number ${number}`,
    region: "eu",
    platform: "pc",
    metadata: { level: number % 60 },
  });
}
