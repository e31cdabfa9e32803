/** The version of this package, as its package.json says. */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** From `dist/src/cli` and from `src/cli` the file lies at different heights. */
const CANDIDATES = ["../../package.json", "../../../package.json"];

export const VERSION = readVersion();

function readVersion(): string {
  for (const candidate of CANDIDATES) {
    try {
      const text = readFileSync(new URL(candidate, import.meta.url), "utf8");
      return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  return "unknown";
}
