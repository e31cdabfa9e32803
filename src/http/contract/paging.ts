/** Lists come in pages: how many items, from where on, and where the next page begins. */
import { z } from "zod";
import { CURSOR_LENGTH_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX } from "./limits.ts";

/** Of query parameters. */
export const limit = z
  .string()
  .regex(/^[0-9]{1,3}$/, { error: `must be a whole number from 1 to ${PAGE_ITEMS_MAX}` })
  .transform(Number)
  .pipe(z.int().min(1).max(PAGE_ITEMS_MAX))
  .default(PAGE_ITEMS_DEFAULT)
  .meta({ type: "integer", minimum: 1, maximum: PAGE_ITEMS_MAX, default: PAGE_ITEMS_DEFAULT });

export const cursor = z.string().max(CURSOR_LENGTH_MAX).optional();

/** A list that has nothing to be asked but its page. */
export const pageQuery = z.strictObject({ limit, cursor });

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: "The `cursor` of the next page, on any server." }),
  });
}
