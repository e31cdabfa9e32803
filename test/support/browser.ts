/** A real Chromium for tests of the operators' page: what it logs, what it asks for, and what axe finds in it. */
import { access, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import type { AxeResults, Result } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** As serious as what keeps somebody from using the page. */
const GRAVE = ["serious", "critical"];
const AXE = createRequire(import.meta.url).resolve("axe-core");

export async function openBrowser(): Promise<Browser> {
  // As root, which CI often is, Chromium has no sandbox.
  return chromium.launch({ executablePath: await chromiumPath(), args: ["--no-sandbox"] });
}

export interface WatchedPage {
  readonly page: Page;
  /** What the page logged as an error, or threw. */
  readonly errors: readonly string[];
  /** Addresses that it asked for at other hosts than its own. */
  readonly strangers: readonly string[];
}

export async function watchedPage(
  browser: Browser,
  origin: string,
  { width = 1_440, height = 900, dark = false } = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const errors: string[] = [];
  const strangers: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== origin) strangers.push(request.url());
  });
  return { page, errors, strangers };
}

/** What axe finds that is serious, as sentences. */
export async function graveFaultsOf(page: Page): Promise<string[]> {
  // Its own script is let in past the page's policy, and nothing else is.
  await page.evaluate(await readScript());
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations.filter(({ impact }) => GRAVE.includes(impact ?? "")).map(sentence);
}

function sentence({ id, help, nodes }: Result): string {
  return `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`;
}

async function readScript(): Promise<string> {
  return readFile(AXE, "utf8");
}

async function chromiumPath(): Promise<string> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
  }
  throw new RangeError(`these tests need a Chromium on PATH: ${NAMES.join(", ")}`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
