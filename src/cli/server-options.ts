/** The options of commands that ask a running server, and what stands in for them in the environment. */
import { Option } from "commander";

const URL_DEFAULT = "http://127.0.0.1:7400";

export interface ServerOptions {
  readonly url: string;
  readonly token?: string;
}

export function urlOption(): Option {
  return new Option("--url <url>", "the server to ask").env("ROLLCALL_URL").default(URL_DEFAULT);
}

export function tokenOption(): Option {
  return new Option("--token <key>", "an API key of that server").env("ROLLCALL_TOKEN");
}
