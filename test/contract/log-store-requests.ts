/** The part of the log store's contract that is about remembered requests (IDM1). */
import { expect, it } from "vitest";
import type { LogStore } from "../../src/storage/log-store.ts";
import type { StoredRequest } from "../../src/storage/request-store.ts";
import { batchOf, documentOf, entriesOf, hashOf, idOf, originOf } from "../support/log-fixtures.ts";

type Open = () => Promise<{ store: LogStore }>;

function requestOf(number: number, fields: Partial<StoredRequest> = {}): StoredRequest {
  return {
    key: hashOf(`key ${number}`),
    fingerprint: hashOf(`fingerprint ${number}`),
    documentId: idOf(number),
    change: hashOf(`change ${number}`),
    createdAtMs: 1_760_000_000_000 + number,
    ...fields,
  };
}

export function requestsContract(open: Open, reopen: Open): void {
  async function kept(store: LogStore, requests: readonly StoredRequest[]): Promise<StoredRequest[]> {
    const found = await Promise.all(requests.map(({ key }) => store.request(key)));
    return found.filter((request) => request !== undefined);
  }

  it("[LOG2] [IDM1] a request is remembered with the write that answered it, also without one, and after a restart", async () => {
    const { store } = await open();
    expect(await store.request(requestOf(1).key)).toBeUndefined();
    await store.commit(batchOf({ entries: entriesOf(1), requests: [requestOf(1), requestOf(2)] }));
    await store.commit(batchOf({ requests: [requestOf(3)] }));
    const all = [1, 2, 3].map((number) => requestOf(number));
    expect(await kept(store, all)).toEqual(all);
    expect(await kept((await reopen()).store, all)).toEqual(all);
  });

  it("[LOG2] [IDM1] a batch with a key that is remembered is refused whole", async () => {
    const { store } = await open();
    await store.commit(batchOf({ requests: [requestOf(1)] }));
    const other = requestOf(2, { key: requestOf(1).key });
    const batch = batchOf({ entries: entriesOf(1), requests: [requestOf(3), other] });
    await expect(store.commit(batch)).rejects.toMatchObject({ code: "batch-refused", sqlState: "23505" });
    expect(await store.request(requestOf(1).key)).toEqual(requestOf(1));
    expect(await store.request(requestOf(3).key)).toBeUndefined();
    expect(await store.entries(originOf(1), 1, { entriesMax: 9, bytesMax: 999 })).toEqual([]);
  });

  it("[ERA1] [IDM1] nothing is left of requests for an erased document, nor of those in the batch that erases it", async () => {
    const { store } = await open();
    const early = requestOf(1);
    const late = requestOf(4, { documentId: idOf(1) });
    await store.commit(batchOf({ documents: [documentOf(1)], requests: [early, requestOf(2)] }));
    await store.commit(
      batchOf({
        documents: [documentOf(1, { heads: [], erased: true })],
        erased: [idOf(1)],
        requests: [late, requestOf(3)],
      }),
    );
    expect(await kept(store, [early, late, requestOf(2), requestOf(3)])).toEqual([
      requestOf(2),
      requestOf(3),
    ]);
  });

  it("[IDM5] forgets what is older than a time, and of the rest the oldest above a number", async () => {
    const { store } = await open();
    const all = Array.from({ length: 6 }, (_, index) => requestOf(index));
    await store.commit(batchOf({ requests: all }));
    await store.forgetRequests({ beforeMs: 0, keptMax: 6 });
    expect(await kept(store, all)).toEqual(all);
    await store.forgetRequests({ beforeMs: requestOf(1).createdAtMs, keptMax: 6 });
    expect(await kept(store, all)).toEqual(all.slice(1));
    await store.forgetRequests({ beforeMs: 0, keptMax: 2 });
    expect(await kept(store, all)).toEqual(all.slice(4));
    await store.forgetRequests({ beforeMs: requestOf(9).createdAtMs, keptMax: 2 });
    expect(await kept(store, all)).toEqual([]);
  });
}
