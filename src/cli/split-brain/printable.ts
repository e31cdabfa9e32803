/** Texts of a run that reach the terminal: what came from players must not steer it. */

/** Control characters, and those that change the direction of what follows. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function printable(text: string): string {
  return text.replace(STEERING, "\u{fffd}");
}
