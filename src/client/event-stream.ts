/**
 * The events of `GET /v1/events`, over as many connections as it takes. When a server fails, closes or falls silent,
 * the stream goes on at another one after the last event that came (`Last-Event-ID`).
 *
 * Nothing piles up: the next piece is read when the caller has taken the events of the last one. It ends when the
 * caller leaves the loop or aborts the signal, and fails with what every server would refuse.
 */
import { type ApiCaller, toHttp } from "./api-caller.ts";
import { bodyOf, type Fetch, send } from "./attempt.ts";
import {
  ProblemError,
  RollcallError,
  ServerSilentError,
  ServerUnreachableError,
  UnexpectedAnswerError,
} from "./errors.ts";
import { isOfServer } from "./failure.ts";
import { Rounds } from "./rounds.ts";
import type { ServerPicker } from "./server-picker.ts";
import { type SentEvent, SseParser } from "./sse-parser.ts";
import { Watchdog } from "./watchdog.ts";

export interface ServerEvent {
  /** Where the stream stands after it: `lastEventId` of a later stream. */
  readonly id: string;
  /** What happened: the kind that the server names. */
  readonly type: string;
  /** Parsed from JSON; text that is none as it came. */
  readonly data: unknown;
}

export interface EventOptions {
  /** Goes on after this event, of an earlier stream at whatever server. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A connection that says nothing for so long, not even a comment, is given up; 60 s unless given. */
  readonly silenceMs?: number | undefined;
}

export interface EventStreamParts {
  readonly api: ApiCaller;
  readonly picker: ServerPicker;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly random: () => number;
  /** Until a server begins to answer. */
  readonly patienceMs: number;
  readonly onTrouble: (error: RollcallError) => void;
}

/** Four of the 15 s after which proxies and servers commonly send a comment. */
const SILENCE_MS_DEFAULT = 60_000;
/** A server that limits without saying for how long. */
const LIMITED_DEFAULT_MS = 1_000;

/** @throws ProblemError, UnexpectedAnswerError, EventTooLargeError, SessionEndedError; the signal's reason */
export async function* streamEvents(
  parts: EventStreamParts,
  options: EventOptions = {},
): AsyncGenerator<ServerEvent, void, undefined> {
  const { picker, now, random, onTrouble } = parts;
  const signal = options.signal ?? new AbortController().signal;
  const rounds = new Rounds({ picker, now, random, deadlineMs: Number.POSITIVE_INFINITY, signal });
  const at = { lastEventId: options.lastEventId ?? "" };
  let renewed: string | undefined;
  for (;;) {
    const server = await rounds.next();
    const startedAtMs = now();
    let token: string | undefined;
    try {
      token = await parts.api.authorization();
      for await (const event of connection(parts, { server, token, at, options, signal })) {
        rounds.reset();
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RollcallError)) throw error;
      const other = token === renewed ? undefined : await parts.api.tokenAfter(error, token);
      if (other !== undefined) {
        renewed = other;
        rounds.reset();
        continue;
      }
      const restMs = error instanceof ProblemError ? error.retryAfterMs : undefined;
      if (isOfServer(error)) picker.failed(server, { startedAtMs, nowMs: now(), restMs });
      else if (!error.retryable) throw error;
      onTrouble(error);
      if (error instanceof ProblemError && error.status === 429) {
        await rounds.pause(restMs ?? LIMITED_DEFAULT_MS);
      }
    }
    await rounds.breathe();
  }
}

interface Connection {
  readonly server: string;
  readonly token: string | undefined;
  /** Moved on with each event. */
  readonly at: { lastEventId: string };
  readonly options: EventOptions;
  readonly signal: AbortSignal;
}

/** One connection, until it ends. */
async function* connection(
  { fetch, picker, patienceMs }: EventStreamParts,
  { server, token, at, options, signal }: Connection,
): AsyncGenerator<ServerEvent, void, undefined> {
  const watchdog = new Watchdog(signal);
  try {
    watchdog.watch(patienceMs);
    const headers = { accept: "text/event-stream", "last-event-id": at.lastEventId || undefined };
    const request = toHttp({ method: "GET", path: ["v1", "events"], headers }, token);
    const response = await send(fetch, server, request, watchdog.signal);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (!response.ok || !isStream || response.body === null) {
      bodyOf(server, response, await response.text());
      throw new UnexpectedAnswerError(server, response.status, "what is no event stream");
    }
    picker.answered(server);
    const parser = new SseParser(at.lastEventId);
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      watchdog.watch(options.silenceMs ?? SILENCE_MS_DEFAULT);
      const { done, value } = await reader.read();
      watchdog.rest();
      if (done) return;
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        at.lastEventId = event.id;
        yield toServerEvent(event);
      }
      at.lastEventId = parser.lastEventId;
    }
  } catch (error) {
    if (watchdog.barkedAfterMs !== undefined) throw new ServerSilentError(server, watchdog.barkedAfterMs);
    if (error instanceof RollcallError) throw error;
    throw new ServerUnreachableError(server, { cause: error });
  } finally {
    watchdog.end();
  }
}

function toServerEvent({ id, type, data }: SentEvent): ServerEvent {
  try {
    return { id, type, data: JSON.parse(data) as unknown };
  } catch {
    return { id, type, data };
  }
}
