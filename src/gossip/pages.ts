/** How a long list is cut for messages, each of which fits a frame. */

export interface PageMax<T> {
  readonly itemsMax: number;
  readonly bytesMax: number;
  /** What an item takes in a message, about. */
  readonly bytesOf: (item: T) => number;
}

/** In order, in pieces that keep both limits; one that is larger by itself stands alone. */
export function cutToPages<T>(items: readonly T[], { itemsMax, bytesMax, bytesOf }: PageMax<T>): T[][] {
  const pages: T[][] = [];
  let page: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (page.length > 0 && (page.length >= itemsMax || bytes + size > bytesMax)) {
      pages.push(page);
      page = [];
      bytes = 0;
    }
    page.push(item);
    bytes += size;
  }
  if (page.length > 0) pages.push(page);
  return pages;
}
