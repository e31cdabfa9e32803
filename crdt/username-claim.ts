/**
 * A username is claimed, not owned (CLM1): the register holds the name together with the stamp of the claim,
 * as one scalar, so that of two concurrent renames one whole claim wins. Written `<stamp> <name>`.
 */
import type { Scalar } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { isStorableText } from "./storable-text.ts";

export interface UsernameClaim {
  readonly stamp: Stamp;
  readonly name: string;
}

const NAME_LENGTH_MAX = 128;
/**
 * NFKC makes of one letter up to 18, and 32 letters are what a client may ask for; an index of PostgreSQL takes
 * 2,704 bytes, three for each of these.
 */
const NORMALISED_LENGTH_MAX = 640;
const ASCII_MAX = 0x7f;
const PATTERN = /^([0-9a-f]{16}) (.+)$/su;

export function formatUsernameClaim({ stamp, name }: UsernameClaim): string {
  return `${stamp} ${name}`;
}

/** Undefined when the register is unset, or is no claim that this version understands and can store. */
export function parseUsernameClaim(value: Scalar | undefined): UsernameClaim | undefined {
  const match = typeof value === "string" ? PATTERN.exec(value) : null;
  return match?.[1] && match[2] && isStorableName(match[2]) ? { stamp: match[1], name: match[2] } : undefined;
}

/** The form in which names are compared: NFKC, lower case with one sigma. NFKC leaves ASCII as it is. */
export function normaliseUsername(name: string): string {
  return isAscii(name) ? name.toLowerCase() : lowerCase(name.normalize("NFKC")).normalize("NFKC");
}

/** A capital sigma becomes another letter at the end of a word than within it, where case folding knows one. */
function lowerCase(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > ASCII_MAX) return false;
  return true;
}

function isStorableName(name: string): boolean {
  return isStorableText(name, NAME_LENGTH_MAX) && normaliseUsername(name).length <= NORMALISED_LENGTH_MAX;
}
