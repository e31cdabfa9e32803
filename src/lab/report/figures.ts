/** The numbers of a run with what they mean, in the words of both the terminal and the page. */
import { counted } from "../counted.ts";
import type { Tally } from "./tally.ts";
import { durationText } from "./time-axis.ts";

export interface Figure {
  readonly name: string;
  readonly value: string;
  /** What stands behind the value. */
  readonly more?: string;
  readonly isBad?: boolean;
}

/** The seed fixes what is drawn, and not how fast processes, disks and the network are. */
export const SEED_MEANS = "the seed gives the same faults and workload again, not the same timing";

/**
 * That a split gives a name or a seat twice is expected, and a rule says who keeps it: it is told in other words than
 * the loss of what was acknowledged, which is never to be.
 */
export function figuresOf(tally: Tally): Figure[] {
  const { lost, merged, conflicts, namesTwice, seatsTwice, seatsLate, convergedMs } = tally;
  const all = conflicts.reduce((sum, { count }) => sum + count, 0);
  const rules = conflicts.map(({ rule, count }) => `${count} by ${rule}`).join(", ");
  return [
    { name: "acknowledged writes lost", value: lost === 0 ? "none" : String(lost), isBad: lost > 0 },
    { name: "documents merged", value: String(merged) },
    { name: "conflicts", value: all === 0 ? "none" : String(all), ...(all > 0 && { more: rules }) },
    given("names that a split gave twice", namesTwice, "given to the earlier claim, by rule CLM1"),
    given("seats that a split gave twice", seatsTwice, "given to the other player, by rule MAT2"),
    given("seats given after the start", seatsLate, "taken back, by rule MAT2"),
    convergedMs === null
      ? { name: "time to converge", value: "never", isBad: true }
      : { name: "time to converge", value: durationText(convergedMs) },
  ];
}

function given(name: string, count: number, decided: string): Figure {
  return count === 0 ? { name, value: "none" } : { name, value: String(count), more: decided };
}

/** `failed`: how many checks found something. */
export function failureOf({ checks, findings }: Pick<Tally, "checks" | "findings">, failed: number): string {
  return `${failed} of ${counted(checks, "check")}, ${counted(findings, "finding")}`;
}

export function successOf({ checks }: Pick<Tally, "checks">): string {
  return `${counted(checks, "check")}: no acknowledged write lost or twice, all servers agree`;
}
