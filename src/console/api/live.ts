/**
 * Follows what happens at the server, and has what is shown asked for again: at most once in a while, however much
 * happens. A stream that ends is opened again, and goes on after the last event.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { SseParser } from "../../client/sse-parser.ts";
import type { ChangeEvent } from "../../http/contract/event.ts";
import { refusalOf, send } from "./request.ts";

const AGAIN_AFTER_MS = 2_000;
/** The server says something every 15 s, if only that it is there. */
const SILENT_MS = 40_000;
/** What changes in between is shown together. */
const GATHERED_MS = 1_000;

/** Whether the stream is open. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    void follow(queries, setLive, ending.signal);
    return () => ending.abort();
  }, [queries]);
  return isLive;
}

async function follow(
  queries: QueryClient,
  setLive: (isLive: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const stale = gatherer(queries);
  let lastId = "";
  while (!signal.aborted) {
    const parser = new SseParser(lastId);
    const silence = new Silence(SILENT_MS);
    try {
      const response = await send("/v1/events", {
        signal: AbortSignal.any([signal, silence.signal]),
        headers: lastId === "" ? {} : { "Last-Event-ID": lastId },
      });
      if (!response.ok || !response.body) throw await refusalOf(response);
      setLive(true);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        silence.end();
        for (const { type, data } of parser.push(piece.value)) stale(type, data);
      }
    } catch {
      // Whatever ended the stream, it is opened again; the page says meanwhile that it is not live.
    }
    silence.stop();
    lastId = parser.lastEventId;
    if (signal.aborted) return;
    setLive(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

/** A connection whose other end is gone says nothing of it. */
class Silence {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = this.#begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard. */
  end(): void {
    this.stop();
    this.#timer = this.#begin();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #begin(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#controller.abort(), this.#ms);
  }
}

/**
 * One turn after the other: asking again puts an end to asking that is under way, so a long history that changes every
 * second would never be shown.
 */
function gatherer(queries: QueryClient): (type: string, data: string) => void {
  const prefixes = new Set<string>();
  let isAsking = false;
  const askAgain = async (): Promise<void> => {
    isAsking = true;
    while (prefixes.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHERED_MS));
      const changed = [...prefixes];
      prefixes.clear();
      const isChanged = (path: unknown): boolean =>
        typeof path === "string" && changed.some((prefix) => path.startsWith(prefix));
      await queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => isChanged(path) });
    }
    isAsking = false;
  };
  return (type, data) => {
    for (const prefix of changedBy(type, data)) prefixes.add(prefix);
    if (!isAsking) void askAgain();
  };
}

/** The beginnings of paths whose answers an event has changed. */
function changedBy(type: string, data: string): string[] {
  switch (type) {
    case "change": {
      const { kind, documentId } = JSON.parse(data) as ChangeEvent;
      const list = kind === "player" ? "/v1/players" : "/v1/matches";
      return [list, `/v1/documents/${documentId}`, "/v1/leaderboards", "/v1/audit"];
    }
    case "conflict":
      return ["/v1/conflicts", "/v1/documents"];
    case "member":
      return ["/v1/cluster"];
    default:
      return ["/v1"];
  }
}
