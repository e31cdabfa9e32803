/** What a session costs: issued, checked by a server that never saw it, and checked again. */
import { sessionKeys } from "../../src/http/sessions/session-keys.ts";
import { SessionTokens } from "../../src/http/sessions/session-tokens.ts";
import { type Figure, median } from "./figure.ts";
import { playerIdOf } from "./records.ts";

const WARM_UP = 1_000;
/** With the warm-up fewer than a server remembers. */
const ROUNDS = 5_000;
/** One that is remembered is found in less than a clock tells reliably. */
const REPEATS = 100;
const SECRETS = ["secret of the benchmark, long enough for one"];
const REALM = "bench";

export async function measureTokens(): Promise<Figure[]> {
  const issuer = aServer();
  const other = aServer();
  const issued: number[] = [];
  const tokens: string[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const playerId = playerIdOf(round);
    const startedAt = performance.now();
    const { token } = issuer.issue(playerId);
    issued.push(performance.now() - startedAt);
    tokens.push(token);
  }
  const unseen = tokens.map((token) => timeOfCheck(other, token));
  const seen = tokens.map((token) => timeOfCheck(other, token, REPEATS));
  return [
    { what: "a session issued, median", measured: ofAll(issued) },
    {
      what: "a token checked that was never seen, median",
      measured: ofAll(unseen),
      wanted: "at most 0.2 ms",
    },
    { what: "a token checked that is remembered, median", measured: ofAll(seen) },
  ];
}

function aServer(): SessionTokens {
  return new SessionTokens({ keys: sessionKeys(SECRETS, REALM), realm: REALM, nowMs: Date.now });
}

/** Milliseconds of one of so many checks in a row. */
function timeOfCheck(server: SessionTokens, token: string, times = 1): number {
  const startedAt = performance.now();
  for (let time = 0; time < times; time++) {
    if (server.check(token, "access").kind !== "valid") throw new RangeError("its own token is not valid");
  }
  return (performance.now() - startedAt) / times;
}

function ofAll(times: readonly number[]): string {
  return `${median(times.slice(WARM_UP)).toPrecision(2)} ms`;
}
