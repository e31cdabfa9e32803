/**
 * Server-sent events out of text that comes in pieces, cut anywhere (HTML Living Standard, 9.2.6). Holds one
 * unfinished event at most, of bounded length. `retry` is not heeded: whoever connects again pauses with jitter.
 */
import { EventTooLargeError } from "./errors.ts";

export interface SentEvent {
  /** The last id that the stream gave, with this event or before. */
  readonly id: string;
  /** `message` unless the stream names it. */
  readonly type: string;
  readonly data: string;
}

/** Far more than any event of ours, which is about one record of at most 32 KiB. */
export const EVENT_LENGTH_MAX = 1_048_576;

export class SseParser {
  /** What came after the last line end. */
  #rest = "";
  /** A line feed that follows belongs to the carriage return before it. */
  #endedInReturn = false;
  #id: string;
  /** Of the event under way. It counts once that is complete, or a resumed stream would miss it. */
  #nextId: string;
  #type = "";
  #data: string[] = [];
  #dataLength = 0;

  /** @param lastEventId of the stream that this one goes on from. */
  constructor(lastEventId = "") {
    this.#id = lastEventId;
    this.#nextId = lastEventId;
  }

  /** Where the stream stands; an id may also come without an event. */
  get lastEventId(): string {
    return this.#id;
  }

  /** The events that are complete with this piece. @throws EventTooLargeError */
  push(text: string): SentEvent[] {
    const events: SentEvent[] = [];
    for (const line of this.#lines(text)) {
      const event = line === "" ? this.#dispatch() : this.#field(line);
      if (event) events.push(event);
    }
    if (this.#rest.length + this.#dataLength > EVENT_LENGTH_MAX)
      throw new EventTooLargeError(EVENT_LENGTH_MAX);
    return events;
  }

  #lines(text: string): string[] {
    if (text === "") return [];
    const piece = this.#endedInReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#endedInReturn = text.endsWith("\r");
    const lines = piece.split(/\r\n|\r|\n/);
    lines[0] = this.#rest + (lines[0] ?? "");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  #field(line: string): undefined {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") {
      this.#data.push(value);
      this.#dataLength += value.length + 1;
      if (this.#dataLength > EVENT_LENGTH_MAX) throw new EventTooLargeError(EVENT_LENGTH_MAX);
    }
    if (name === "event") this.#type = value;
    if (name === "id" && !value.includes("\0")) this.#nextId = value;
  }

  #dispatch(): SentEvent | undefined {
    this.#id = this.#nextId;
    const event = { id: this.#id, type: this.#type || "message", data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    this.#dataLength = 0;
    return isEmpty ? undefined : event;
  }
}
