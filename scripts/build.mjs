/**
 * Builds `dist/` from `crdt/` and `src/`: JavaScript, declarations, source maps, the assets beside them, and the
 * operators' page.
 *
 * It runs before every start and every test, so it does nothing when nothing changed: `dist/.inputs` holds a
 * hash over the name and content of everything that a build depends on, and is written last. Modification
 * times are not asked, because a checkout sets them without regard to the content.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = ["crdt", "src"];
const TOOLING = [
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vite.config.ts",
  "scripts/build.mjs",
];
const COMMAND = "dist/src/cli/main.js";
const STAMP = "dist/.inputs";

process.chdir(ROOT);
const inputs = [...TOOLING, ...SOURCES.flatMap(filesUnder)].sort();
const fingerprint = fingerprintOf(inputs);
if (!isUpToDate()) build();

function build() {
  rmSync("dist", { recursive: true, force: true });
  const compiler = spawnSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "--project", "tsconfig.build.json"],
    { stdio: "inherit" },
  );
  if (compiler.error) throw compiler.error;
  if (compiler.status !== 0) process.exit(compiler.status ?? 1);

  buildConsole();
  for (const file of inputs.filter(isAsset)) cpSync(file, join("dist", file));
  chmodSync(COMMAND, 0o755);
  writeFileSync(STAMP, fingerprint);
}

/** The operators' page: scripts and styles for browsers, in `dist/console`. */
function buildConsole() {
  const bundler = spawnSync(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
    {
      stdio: "inherit",
    },
  );
  if (bundler.error) throw bundler.error;
  if (bundler.status !== 0) process.exit(bundler.status ?? 1);
}

/** What the running code reads from beside itself and the compiler doesn't carry over. */
function isAsset(file) {
  return file.startsWith("src/storage/postgres/migrations/") && file.endsWith(".sql");
}

function isUpToDate() {
  return existsSync(COMMAND) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === fingerprint;
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fingerprintOf(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
