/** Waits for a condition with a bound; the name of the condition is in the failure. */
import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await eventually(async () => expect(await condition(), what).toBe(true), { withinMs: 15_000, everyMs: 5 });
}
