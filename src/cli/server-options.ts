/** The options of commands that ask a running server, and what stands in for them in the environment. */
import { InvalidArgumentError, Option } from "commander";

const URL_DEFAULT = "http://127.0.0.1:7400";
/** What a server takes in `Rollcall-Operator`, and HTTP in a header. */
const OPERATOR_NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

export interface ServerOptions {
  readonly url: string;
  readonly token?: string;
}

export interface OperatorOptions {
  readonly url: readonly string[];
  readonly token?: string;
  readonly operator?: string;
  readonly json?: true;
  readonly color: boolean;
}

/** One; of the several that `ROLLCALL_URL` may name the first. */
export function urlOption(): Option {
  return new Option("--url <url>", "the server to ask")
    .env("ROLLCALL_URL")
    .default(URL_DEFAULT)
    .argParser((text) => urlsIn(text)[0] ?? text);
}

export function tokenOption(): Option {
  return new Option("--token <key>", "an API key of that server").env("ROLLCALL_TOKEN");
}

/** Of every command of operators. */
export function operatorOptions(): Option[] {
  return [
    new Option("--url <url>", "a server to ask; several: again, or comma-separated")
      .env("ROLLCALL_URL")
      .default([URL_DEFAULT], URL_DEFAULT)
      .argParser(collector()),
    new Option("--token <token>", "the operators' token").env("ROLLCALL_TOKEN"),
    new Option("--operator <name>", "who you are, for the audit")
      .env("ROLLCALL_OPERATOR")
      .argParser(operatorName),
    new Option("--json", "print JSON"),
    new Option("--no-color", "no colours, as with NO_COLOR"),
  ];
}

/** What the command line names replaces what the environment does, which commander hands over first or not at all. */
function collector(): (text: string) => string[] {
  const urls: string[] = [];
  return (text) => {
    urls.push(...urlsIn(text));
    if (urls.length === 0) throw new InvalidArgumentError("expected a URL like http://127.0.0.1:7400");
    return [...urls];
  };
}

function urlsIn(text: string): string[] {
  return text
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
}

function operatorName(text: string): string {
  if (OPERATOR_NAME.test(text)) return text;
  throw new InvalidArgumentError("expected 1 to 64 ASCII characters");
}
