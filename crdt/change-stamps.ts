/** The stamps that stand in the registers of a change, whatever these mean (CLK1). */
import type { DecodedChange } from "./change.ts";
import { isStamp, laterStamp, STAMP_ZERO, type Stamp } from "./hybrid-clock.ts";

const STAMP_LENGTH = 16;

/**
 * The latest of what looks like a stamp where registers have theirs: at the beginning of a key, up to a slash, or of a
 * text, up to a space. The earliest stamp of all when there is none.
 */
export function latestStampIn({ operations }: Pick<DecodedChange, "operations">): Stamp {
  let latest = STAMP_ZERO;
  for (const { key, value } of operations) {
    const text = typeof value === "string" ? value : "";
    for (const found of [stampBefore("/", String(key)), stampBefore(" ", text)]) {
      if (found) latest = laterStamp(latest, found);
    }
  }
  return latest;
}

function stampBefore(end: string, text: string): Stamp | undefined {
  const stamp = text.slice(0, STAMP_LENGTH);
  const isWhole = text.length === STAMP_LENGTH || text[STAMP_LENGTH] === end;
  return isWhole && isStamp(stamp) ? stamp : undefined;
}
