/** Lists come in pages; a cursor is good at every server. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

export interface PageQuery {
  /** Items on a page, 1 to 100; 20 unless given. */
  readonly limit?: number | undefined;
  /** Where the page begins: `next` of the one before. */
  readonly cursor?: string | undefined;
}

/** Every item of a list, page after page, as they are asked for. */
export async function* itemsOf<Item, Query extends PageQuery>(
  read: (query: Query) => Promise<Page<Item>>,
  query: Query,
): AsyncGenerator<Item, void, undefined> {
  let page = await read(query);
  for (;;) {
    yield* page.items;
    if (page.next === null) return;
    page = await read({ ...query, cursor: page.next });
  }
}
