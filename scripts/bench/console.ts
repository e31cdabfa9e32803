/**
 * The operators' page in a real Chromium: how soon it shows something, and how long the graph of a long history takes,
 * from opening its page and from the last answer.
 */
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../test/support/browser.ts";
import { withCluster } from "./bench-cluster.ts";
import { type Figure, median } from "./figure.ts";

const LOADS = 10;
const OPENINGS = 5;
const CHANGES = 5_000;
/** Edits under way at once. */
const EDITS_AT_ONCE = 16;

export function measureConsole(): Promise<Figure[]> {
  return withCluster(1, async ({ servers: [server], opsToken, apiKey }) => {
    const url = server?.url ?? "";
    const id = await longHistory(url, apiKey);
    const browser = await openBrowser();
    try {
      return [...(await firstPaint(browser, url)), ...(await graph(browser, { url, id, opsToken }))];
    } finally {
      await browser.close();
    }
  });
}

/** Each load in a context of its own, which has cached nothing. */
async function firstPaint(browser: Browser, url: string): Promise<Figure[]> {
  const paints: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const page = await browser.newPage();
    await page.goto(`${url}/console`);
    paints.push(await page.evaluate<number>(PAINTED));
    await page.close();
  }
  return [
    {
      what: `first contentful paint of /console, median of ${LOADS} loads`,
      measured: ms(median(paints)),
    },
  ];
}

/** Opened by who is signed in already: drawn of what is in view once all is there, and then of the whole. */
async function graph(
  browser: Browser,
  { url, id, opsToken }: { readonly url: string; readonly id: string; readonly opsToken: string },
): Promise<Figure[]> {
  const wholes: number[] = [];
  const drawings: number[] = [];
  const all: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening++) {
    const page = await browser.newPage();
    await page.addInitScript(`sessionStorage.setItem("rollcall-session", ${quoted({ token: opsToken })})`);
    await page.goto(`${url}/console/documents/${id}`, { waitUntil: "commit" });
    const { openedMs, drawnMs } = await page.evaluate<Drawn>(DRAWN);
    wholes.push(openedMs);
    drawings.push(drawnMs);
    all.push(await allDrawn(page));
    await page.close();
  }
  const of = `graph of ${CHANGES} changes:`;
  return [
    { what: `${of} its page opened until it is there, median`, measured: ms(median(wholes)) },
    {
      what: `${of} last answer until it is painted, median`,
      measured: ms(median(drawings)),
      wanted: "at most 1000 ms",
    },
    {
      what: `${of} drawn whole by the button All, median`,
      measured: ms(median(all)),
      wanted: "at most 1000 ms",
    },
  ];
}

interface Drawn {
  /** Since the page was asked for. */
  readonly openedMs: number;
  /** Since the last page of the history had come. */
  readonly drawnMs: number;
}

/** Whatever was set before the first of two frames is painted by the second. */
const FRAMES =
  "const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));";

const PAINTED = `new Promise((done) => {
  const find = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  if (find() !== undefined) return done(find());
  new PerformanceObserver(() => find() !== undefined && done(find())).observe({ type: "paint", buffered: true });
})`;

const DRAWN = `(async () => {
  ${FRAMES}
  const isThere = () => document.querySelector("input[type=range]")?.max === "${CHANGES - 1}";
  await new Promise((done) => {
    const look = () => isThere() && done();
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
  await painted();
  const now = performance.now();
  const pages = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/history?"));
  return { openedMs: now, drawnMs: now - Math.max(...pages.map(({ responseEnd }) => responseEnd)) };
})()`;

/** From pressing the button until as many dots as there are changes are painted. */
async function allDrawn(page: Page): Promise<number> {
  const { dots, tookMs } = await page.evaluate<{
    readonly dots: number;
    readonly tookMs: number;
  }>(`(async () => {
    ${FRAMES}
    const startedAt = performance.now();
    [...document.querySelectorAll(".zoom button")].find(({ textContent }) => textContent === "All").click();
    await painted();
    const tookMs = performance.now() - startedAt;
    return { dots: document.querySelector("svg .dot").getAttribute("d").split("M").length - 1, tookMs };
  })()`);
  if (dots !== CHANGES) throw new RangeError(`${dots} of ${CHANGES} changes were drawn`);
  return tookMs;
}

/** A player that was edited so often at one server. */
async function longHistory(url: string, apiKey: string): Promise<string> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}` };
  const made = await fetch(`${url}/v1/players`, { method: "POST", headers, body: "{}" });
  const { player } = (await made.json()) as { player: { id: string } };
  let changes = 1;
  const edit = async (): Promise<void> => {
    while (changes < CHANGES) {
      const body = JSON.stringify({ metadata: { level: changes++ } });
      const response = await fetch(`${url}/v1/players/${player.id}`, { method: "PATCH", headers, body });
      if (!response.ok) throw new RangeError(`${url} answers ${response.status}`);
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: EDITS_AT_ONCE }, edit));
  return player.id;
}

function quoted(session: object): string {
  return JSON.stringify(JSON.stringify(session));
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
