/**
 * Which server to ask. Pure: it is told what happened and when, and never looks at a clock.
 *
 * - *Health*: a server that failed rests for a time with full jitter, doubling with each failure in a row, at least
 *   as long as it asked for. Calls that were under way together and fail together count as one failure.
 * - *Speed*: an exponentially weighted mean (EWMA) of the latency of probes. All servers get the same probe, so
 *   the numbers compare; of calls, reads and commits would be compared with one another. A probe that found a server
 *   away waited for the server, and says nothing of the way to it: once it is back, another probe measures.
 * - The server in use is kept until it fails or another is clearly faster: a player's writes are there first.
 * - While another is well, no call is sent to a server that failed: a probe finds out whether it is back.
 */
import { type Backoff, fullJitterMs } from "./backoff.ts";

export interface PickerOptions {
  readonly servers: readonly string[];
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
}

interface Server {
  readonly url: string;
  failures: number;
  failedAtMs: number;
  /** Of one that failed: when it may be asked again. */
  retryAtMs: number;
  latencyMs: number | undefined;
  probedAtMs: number | undefined;
  isProbed: boolean;
  /** It had failed when its probe was sent. */
  isProbedAfterFailure: boolean;
  /** Hedged reads in a row that another server answered first. */
  outruns: number;
}

/** A server that comes back is noticed within the cap, and a dead one is knocked at no oftener than that. */
const SERVER_BACKOFF: Backoff = { baseMs: 200, capMs: 5_000 };
/** A third of each new sample: three probes move the mean most of the way. */
const LATENCY_WEIGHT = 0.3;
/** Below these, a difference is noise and not worth leaving the server that has one's writes. */
const FASTER_FACTOR = 0.7;
const FASTER_BY_MS = 5;
/** Distances change rarely, and there may be very many clients. */
const PROBE_EVERY_MS = 120_000;
/** So many hedged reads lost in a row and the server counts as failed, although nobody waited for it to the end. */
const OUTRUNS_MAX = 3;

export class ServerPicker {
  readonly #servers: readonly Server[];
  readonly #random: () => number;
  #current: Server | undefined;

  constructor({ servers, random }: PickerOptions) {
    this.#random = random;
    this.#servers = shuffled(servers, random).map((url) => ({
      url,
      failures: 0,
      failedAtMs: Number.NEGATIVE_INFINITY,
      retryAtMs: Number.NEGATIVE_INFINITY,
      latencyMs: undefined,
      probedAtMs: undefined,
      isProbed: false,
      isProbedAfterFailure: false,
      outruns: 0,
    }));
  }

  /** The best server that is well, or else one that has rested enough; undefined when there is none but `except`. */
  ready(nowMs: number, except: ReadonlySet<string>): string | undefined {
    const well = this.well(except);
    if (well !== undefined) return well;
    return this.#servers
      .filter(({ url, retryAtMs }) => !except.has(url) && retryAtMs <= nowMs)
      .sort((a, b) => a.failures - b.failures)[0]?.url;
  }

  /** The best server that is well, but for `except`. */
  well(except: ReadonlySet<string>): string | undefined {
    const candidates = this.#servers.filter(({ url, failures }) => failures === 0 && !except.has(url));
    const [first] = candidates;
    if (first === undefined) return undefined;
    const best = candidates.reduce((a, b) => (latency(b) < latency(a) ? b : a), first);
    // Another than the current one is taken for a while only, as long as that one is well.
    if (this.#current?.failures === 0 && except.has(this.#current.url)) return best.url;
    if (this.#current === undefined || !candidates.includes(this.#current)) this.#current = best;
    else if (isClearlyFaster(best, this.#current)) this.#current = best;
    return this.#current.url;
  }

  /** How long until a server may be asked: none while one is well. */
  restMs(nowMs: number): number {
    if (this.#servers.some(({ failures }) => failures === 0)) return 0;
    return Math.max(0, Math.min(...this.#servers.map(({ retryAtMs }) => retryAtMs)) - nowMs);
  }

  /** What its probes take; undefined while it has none. */
  latencyMs(url: string): number | undefined {
    return this.#server(url).latencyMs;
  }

  /** It answered, whatever it said, as a server that is well does. */
  answered(url: string): void {
    const server = this.#server(url);
    server.failures = 0;
    server.outruns = 0;
  }

  /** @param startedAtMs when what failed was begun. @param restMs at least so long, as the server asks. */
  failed(url: string, { startedAtMs, nowMs, restMs = 0 }: Failure): void {
    const server = this.#server(url);
    server.outruns = 0;
    if (server.failures === 0 || startedAtMs >= server.failedAtMs) {
      server.failures++;
      server.failedAtMs = nowMs;
      server.retryAtMs = nowMs + fullJitterMs(SERVER_BACKOFF, server.failures, this.#random);
    }
    server.retryAtMs = Math.max(server.retryAtMs, nowMs + restMs);
  }

  /** Another server answered a hedged read first. */
  outrun(url: string, at: Failure): void {
    const server = this.#server(url);
    server.outruns++;
    if (server.outruns >= OUTRUNS_MAX) this.failed(url, at);
  }

  /** Servers to probe now, each given once until `probed` tells how it went. None where there is no choice. */
  due(nowMs: number): string[] {
    if (this.#servers.length < 2) return [];
    const due = this.#servers.filter(({ isProbed, failures, retryAtMs, probedAtMs }) => {
      if (isProbed) return false;
      if (failures > 0) return retryAtMs <= nowMs;
      return probedAtMs === undefined || nowMs - probedAtMs >= PROBE_EVERY_MS;
    });
    for (const server of due) {
      server.isProbed = true;
      server.isProbedAfterFailure = server.failures > 0;
    }
    return due.map(({ url }) => url);
  }

  /** How a probe went: its latency, or undefined if it failed. */
  probed(url: string, latencyMs: number | undefined, at: Failure): void {
    const server = this.#server(url);
    const wasWell = !server.isProbedAfterFailure && server.failedAtMs < at.startedAtMs;
    server.isProbed = false;
    server.isProbedAfterFailure = false;
    server.probedAtMs = at.nowMs;
    if (latencyMs === undefined) {
      this.failed(url, at);
      return;
    }
    this.answered(url);
    if (!wasWell) {
      server.probedAtMs = undefined;
      return;
    }
    server.latencyMs =
      server.latencyMs === undefined
        ? latencyMs
        : server.latencyMs + LATENCY_WEIGHT * (latencyMs - server.latencyMs);
  }

  #server(url: string): Server {
    const found = this.#servers.find((server) => server.url === url);
    if (found === undefined) throw new RangeError(`${url} is none of the servers`);
    return found;
  }
}

export interface Failure {
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly restMs?: number | undefined;
}

function latency({ latencyMs }: Server): number {
  return latencyMs ?? Number.POSITIVE_INFINITY;
}

function isClearlyFaster(one: Server, other: Server): boolean {
  if (one.latencyMs === undefined || other.latencyMs === undefined) return false;
  return one.latencyMs < FASTER_FACTOR * other.latencyMs && other.latencyMs - one.latencyMs >= FASTER_BY_MS;
}

/** Clients that know nothing of speed yet spread over the servers (Fisher-Yates). */
function shuffled(urls: readonly string[], random: () => number): string[] {
  const order = [...urls];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last] as string;
    order[last] = order[other] as string;
    order[other] = moved;
  }
  return order;
}
