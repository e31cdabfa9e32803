/** Lists come in pages: how many items, from where on, and where the next page begins. */
import { z } from "zod";
import { CURSOR_LENGTH_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX } from "./limits.ts";

/** Of query parameters. */
export function limitUpTo(itemsMax: number) {
  return z
    .string()
    .regex(/^[0-9]{1,4}$/, { error: `must be a whole number from 1 to ${itemsMax}` })
    .transform(Number)
    .pipe(z.int().min(1).max(itemsMax))
    .default(PAGE_ITEMS_DEFAULT)
    .meta({ type: "integer", minimum: 1, maximum: itemsMax, default: PAGE_ITEMS_DEFAULT });
}

export const limit = limitUpTo(PAGE_ITEMS_MAX);

export const cursor = z.string().max(CURSOR_LENGTH_MAX).optional();

/** A list that has nothing to be asked but its page. */
export const pageQuery = z.strictObject({ limit, cursor });

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: "The `cursor` of the next page, on any server." }),
  });
}
