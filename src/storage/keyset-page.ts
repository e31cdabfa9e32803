/** Pages by key: a page costs the same at any depth. One row more than the page is asked for, to see if there is. */

/** Of at most `limit + 1` things in order: the page, and what the next one comes after, if there is one. */
export function keysetPage<Item, Cursor>(
  found: readonly Item[],
  limit: number,
  cursorOf: (last: Item) => Cursor,
): { readonly items: readonly Item[]; readonly next: Cursor | null } {
  const last = found.length > limit ? found[limit - 1] : undefined;
  return { items: found.slice(0, limit), next: last === undefined ? null : cursorOf(last) };
}
