/** A listener to `GET /v1/events` that reads when it is told to. */
import { type SentEvent, SseParser } from "../../src/client/sse-parser.ts";

export interface ListenOptions {
  readonly token?: string | undefined;
  readonly lastEventId?: string | undefined;
}

/** An event with its data as parsed. */
export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface EventListener {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that came, as text. */
  readonly text: () => string;
  /** Where the stream stands. */
  readonly lastEventId: () => string;
  /** The next events, of all types or of some; fewer when the stream ends before. */
  next(count: number, ...types: readonly string[]): Promise<HeardEvent[]>;
  /** Reads until the stream ends, or until this much of the text came. */
  readUntil(part: string): Promise<void>;
  leave(): Promise<void>;
}

export async function listenTo(
  url: string,
  { token, lastEventId }: ListenOptions = {},
): Promise<EventListener> {
  const ending = new AbortController();
  const response = await fetch(`${url}/v1/events`, {
    signal: ending.signal,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
    },
  });
  const parser = new SseParser(lastEventId);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const waiting: SentEvent[] = [];
  let text = "";

  /** False at the end. */
  async function read(): Promise<boolean> {
    const piece = await reader?.read();
    if (!piece || piece.done) return false;
    const decoded = decoder.decode(piece.value, { stream: true });
    text += decoded;
    waiting.push(...parser.push(decoded));
    return true;
  }

  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    lastEventId: () => parser.lastEventId,
    async next(count, ...types) {
      const events: HeardEvent[] = [];
      while (events.length < count) {
        const event = waiting.shift();
        if (!event) {
          if (!(await read())) break;
        } else if (types.length === 0 || types.includes(event.type)) {
          events.push({ ...event, data: JSON.parse(event.data) as Record<string, unknown> });
        }
      }
      return events;
    },
    async readUntil(part) {
      while (!text.includes(part) && (await read()));
    },
    async leave() {
      ending.abort();
      await reader?.closed.catch(() => undefined);
    },
  };
}
