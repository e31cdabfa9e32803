/** What operators wait for: the history of a long document, and the list of very many conflicts. */
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { LocalCluster } from "../../src/cli/demo/local-cluster.ts";
import { entriesOf, withCluster } from "./bench-cluster.ts";
import { type Figure, median } from "./figure.ts";

const DOCUMENTS = 5;
const CHANGES = 10_000;
/** Under way at once, at the server that is not asked then. */
const EDITS_AT_ONCE = 8;
const CONFLICTS = 1_000_000;
const ROUNDS = 50;
const WAIT_MS = 100;

export function measureHistory(): Promise<Figure[]> {
  return withCluster(2, async (cluster) => [
    ...(await longDocuments(cluster)),
    ...(await conflicts(cluster)),
  ]);
}

/** The first page is asked of documents that nobody asked for before: nothing of them is laid out yet. */
async function longDocuments({ servers, opsToken, apiKey }: LocalCluster): Promise<Figure[]> {
  const [one, other] = servers;
  if (!one || !other) throw new RangeError("two servers were started");
  const first: number[] = [];
  const next: number[] = [];
  const graph: number[] = [];
  for (let document = 0; document < DOCUMENTS; document++) {
    const id = await registered(other.url);
    await edited({ url: other.url, id, apiKey }, CHANGES);
    await untilEqual([one.url, other.url], opsToken);
    const history = `${one.url}/v1/documents/${id}/history`;
    let page = await asked(`${history}?limit=100`, opsToken);
    first.push(page.tookMs);
    page = await asked(`${history}?limit=100&cursor=${page.next}`, opsToken);
    next.push(page.tookMs);
    const startedAt = performance.now();
    for (let at = "", pages = 0; pages < 5; pages++) {
      const { next: end } = await asked(`${history}?limit=1000${at}`, opsToken);
      at = `&cursor=${end}`;
    }
    graph.push(performance.now() - startedAt);
  }
  const of = `of a history of ${CHANGES} changes`;
  return [
    { what: `first page ${of}, median`, measured: ms(median(first)), wanted: "at most 100 ms" },
    { what: `next page ${of}, median`, measured: ms(median(next)) },
    { what: "5,000 changes of it by pages of 1,000, median", measured: ms(median(graph)) },
  ];
}

async function conflicts({
  servers: [server],
  databaseUrls: [databaseUrl],
  opsToken,
}: LocalCluster): Promise<Figure[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(FILL, [CONFLICTS]);
  await client.query("vacuum analyze rollcall_store.conflict");
  await client.end();
  const url = `${server?.url}/v1/conflicts`;
  const figures: Figure[] = [];
  for (const query of [
    "?limit=100",
    "?limit=100&kind=field&since=2026-01-01T00:00:00Z",
    "?limit=100&server=eu-9",
  ]) {
    const tookMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      tookMs.push((await asked(`${url}${query}`, opsToken)).tookMs);
    figures.push({
      what: `GET /v1/conflicts${query} of ${CONFLICTS}, median`,
      measured: ms(median(tookMs)),
      wanted: "at most 20 ms",
    });
  }
  return figures;
}

/** Fifty a second, as of no cluster that anybody has seen. */
const FILL = `insert into rollcall_store.conflict (id, scope, kind, document_ids, stamp, body)
  select id, 'field ' || id, 'field', array[id], stamp, jsonb_build_object(
    'id', id, 'scope', 'field ' || id, 'kind', 'field', 'documentId', id, 'documentIds', array[id], 'path', 'region',
    'candidates', jsonb_build_array(
      jsonb_build_object('value', 'eu', 'change', repeat('a', 64), 'origin', repeat('1', 32), 'stamp', stamp),
      jsonb_build_object('value', 'us', 'change', repeat('b', 64), 'origin', repeat('2', 32), 'stamp', stamp)),
    'winner', 'us', 'rule', 'PLY1')
  from (select gen_random_uuid() as id, lpad(to_hex(1767225600000 + number * 20), 12, '0') || '0000' as stamp
    from generate_series(1, $1::int8) as number) made`;

async function registered(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/players`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ region: "eu" }),
  });
  return ((await response.json()) as { player: { id: string } }).player.id;
}

/** So many edits of one register, several under way at once. */
async function edited(
  { url, id, apiKey }: { readonly url: string; readonly id: string; readonly apiKey: string },
  count: number,
): Promise<void> {
  let made = 0;
  const edit = async (): Promise<void> => {
    while (made < count) {
      const level = made++;
      const response = await fetch(`${url}/v1/players/${id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ metadata: { level, at: url } }),
      });
      if (response.status === 404) made--;
      else if (!response.ok) throw new RangeError(`${url} answers ${response.status}`);
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: EDITS_AT_ONCE }, edit));
}

async function untilEqual(urls: readonly string[], opsToken: string): Promise<void> {
  for (;;) {
    const entries = await Promise.all(urls.map((url) => entriesOf(url, opsToken)));
    if (entries.every((count) => count === entries[0])) return;
    await delay(WAIT_MS);
  }
}

async function asked(
  url: string,
  opsToken: string,
): Promise<{ readonly tookMs: number; readonly next: string }> {
  const startedAt = performance.now();
  const response = await fetch(url, { headers: { authorization: `Bearer ${opsToken}` } });
  const answer = await response.text();
  const tookMs = performance.now() - startedAt;
  if (!response.ok) throw new RangeError(`${url} answers ${response.status}: ${answer}`);
  return { tookMs, next: JSON.parse(answer).next };
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
