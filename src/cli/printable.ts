/** Texts that reach the terminal: what came from players, or from a server, must not steer it. */

/** Control characters, line separators, and those that change the direction of what follows. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

export function printable(text: string): string {
  return text.replace(STEERING, "\u{fffd}");
}

/** JSON that says the same, with such characters escaped: those of its own layout are outside of texts. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
    .split("\n")
    .map((line) => line.replace(STEERING, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`))
    .join("\n");
}
