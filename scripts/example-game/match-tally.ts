/** What became of the matches that bots opened, as their hosts last saw them. */
import type { Match } from "../../src/client/client.ts";

const ENDS = ["settled", "disputed", "cancelled"] as const;
export type End = (typeof ENDS)[number];
type Course = "open" | "running" | End;

export class MatchTally {
  readonly #courses = new Map<string, Course>();

  saw(match: Match): void {
    this.#courses.set(match.id, courseOf(match));
  }

  count(course: Course): number {
    return [...this.#courses.values()].filter((each) => each === course).length;
  }

  /** Played to the end. */
  get played(): number {
    return this.count("settled") + this.count("disputed");
  }

  /** Of which nobody saw the end yet. */
  get unended(): string[] {
    const isEnd = (course: Course): boolean => ENDS.some((end) => end === course);
    return [...this.#courses].flatMap(([id, course]) => (isEnd(course) ? [] : [id]));
  }
}

function courseOf({ state, result }: Match): Course {
  switch (state) {
    case "open":
      return "open";
    case "running":
      return "running";
    case "cancelled":
    case "expired":
      return "cancelled";
    case "finished":
      return result.status === "pending" ? "running" : result.status;
  }
}
