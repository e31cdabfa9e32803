/** A command is quick to start by what it does not load: read from the imports, whatever the machine. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { importsIn, packageOf } from "../../../scripts/check-imports.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** What it takes to tell of commands, to ask a server, and to draw what it says. */
const LIGHT = ["commander", "picocolors", "zod"];

/** All that is loaded with this file; `lazy` says whether also what it, and what it loads, comes to import later. */
function loadedBy(entry: string, lazy: "lazy too" | "at once"): { files: string[]; packages: string[] } {
  const files = new Set<string>([entry]);
  const packages = new Set<string>();
  for (const path of files) {
    if (!path.endsWith(".ts")) continue;
    const imports = importsIn({ path, text: readFileSync(join(ROOT, path), "utf8") });
    for (const { target, isFile, isType, isLazy } of imports) {
      if (isType || (isLazy && lazy === "at once")) continue;
      if (isFile) files.add(target);
      else if (!target.startsWith("node:")) packages.add(packageOf(target));
    }
  }
  return { files: [...files], packages: [...packages].sort() };
}

function strangers(files: readonly string[]): string[] {
  return files.filter((file) => !/^src\/(cli|http\/contract)\//.test(file));
}

const OPERATORS = readdirSync(join(ROOT, "src/cli/operator")).filter((file) => file.endsWith("-command.ts"));

it("help and completion load nothing of a server, a database or the lab", () => {
  const { files, packages } = loadedBy("src/cli/main.ts", "at once");
  expect(strangers(files)).toEqual([]);
  expect(packages).toEqual(LIGHT);
});

it.each(OPERATORS)("%s asks a server, and loads nothing of one", (file) => {
  const { files, packages } = loadedBy(`src/cli/operator/${file}`, "lazy too");
  expect(strangers(files)).toEqual([]);
  expect(LIGHT).toEqual(expect.arrayContaining(packages));
});

it("export asks a server, and loads nothing of one", () => {
  expect(strangers(loadedBy("src/cli/export-command.ts", "lazy too").files)).toEqual([]);
});

it("what a server takes is loaded by the commands that run one", () => {
  const { packages } = loadedBy("src/cli/serve-command.ts", "lazy too");
  expect(packages).toEqual(expect.arrayContaining(["@automerge/automerge", "ioredis", "pg"]));
});
