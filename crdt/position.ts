/**
 * Where an entry stands in the replicated log: the sequence that its origin gave it, counted from 1 without
 * gaps. An origin is one incarnation of a server: 32 hexadecimal digits, random at every process start (ID4).
 * Written `<origin>:<sequence>` in headers.
 */
import { MalformedTextError } from "./errors.ts";

/** One incarnation of a server: 32 lower-case hexadecimal digits. Also the actor of the changes it makes. */
export type Origin = string;

export interface Position {
  readonly origin: Origin;
  /** From 1; 0 stands before the first entry. */
  readonly sequence: number;
}

const PATTERN = /^([0-9a-f]{32}):(0|[1-9][0-9]{0,14})$/;

export function formatPosition({ origin, sequence }: Position): string {
  return `${origin}:${sequence}`;
}

/** @throws MalformedTextError when the text is no position. */
export function parsePosition(text: string): Position {
  const match = PATTERN.exec(text);
  if (!match?.[1] || !match[2]) throw new MalformedTextError("a position <origin>:<sequence>", text);
  return { origin: match[1], sequence: Number(match[2]) };
}
