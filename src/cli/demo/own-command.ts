/** How this program is called again in another terminal, from any folder. */
import { basename } from "node:path";

const NAME = "rollcall";
const PLAIN = /^[\w./@:+-]+$/;

/** Nothing where it is called by its name; else a line that gives it one, in bash and zsh. */
export function namingLine(script: string, node = process.execPath): string | undefined {
  if (basename(script) === NAME) return undefined;
  return `${NAME}() { ${quoted(node)} ${quoted(script)} "$@"; }`;
}

function quoted(path: string): string {
  return PLAIN.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
