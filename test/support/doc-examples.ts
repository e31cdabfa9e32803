/** The examples of a page of documentation: its TypeScript blocks. Those that are marked `run` also run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Inside the package, so that an example imports it by its name, as a game does. */
const FOLDER = join(ROOT, "dist", "examples");

export interface Example {
  readonly number: number;
  readonly text: string;
  readonly runs: boolean;
}

export async function examplesOf(page: string): Promise<Example[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return Array.from(text.matchAll(/^```ts( run)?\n(.*?)^```$/gms), ([, run, block = ""], index) => {
    return { number: index + 1, text: block, runs: run !== undefined };
  });
}

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** What the compiler has against them, as a browser's page and with all strictness. */
export async function typeCheck(examples: readonly Example[]): Promise<Ended> {
  return inFolder(async (folder) => {
    for (const { number, text } of examples) {
      await writeFile(join(folder, `example-${number}.ts`), text.replaceAll('token: "…"', 'token: "a-key"'));
    }
    const config = {
      extends: join(ROOT, "tsconfig.browser.json"),
      compilerOptions: { rootDir: ROOT, skipLibCheck: false },
      include: [folder],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    return run([join(ROOT, "node_modules", "typescript", "bin", "tsc"), "--project", folder]);
  });
}

/** Runs it as it stands, with the servers it names replaced by this one. */
export async function runExample({ number, text }: Example, serverUrl: string): Promise<Ended> {
  return inFolder(async (folder) => {
    const file = join(folder, `example-${number}.mjs`);
    await writeFile(file, text.replaceAll(/http:\/\/127\.0\.0\.1:740[0-9]/g, serverUrl));
    return run([file]);
  });
}

async function inFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDER, "run-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const [exitCode] = await once(child, "close");
  return { exitCode: exitCode as number | null, output };
}
