/** The scenarios and what happens in each: a name a line, and its story beside it, however many lines that takes. */
import type { Scenario } from "../../lab/scenario.ts";
import { wrap } from "../text/display-width.ts";

const GAP = 2;

/** `width` in columns, infinite where nobody looks. */
export function scenarioList(scenarios: readonly Pick<Scenario, "name" | "story">[], width: number): string {
  const indent = Math.max(...scenarios.map(({ name }) => name.length)) + GAP;
  return scenarios
    .flatMap(({ name, story }) =>
      wrap(story, width - indent).map((line, index) => (index === 0 ? name : "").padEnd(indent) + line),
    )
    .join("\n");
}
