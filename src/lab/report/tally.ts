/** What a run came to, in numbers: for the table at the end and the head of the report. */
import { lostWrites, writtenIn } from "../checker/writes.ts";
import type { Outcome } from "../history.ts";
import type { RunResult } from "../run.ts";
import { documentHistories, isMerged } from "./document-history.ts";
import { type Refusal, refusalsOf } from "./refusals.ts";

export interface Tally {
  readonly servers: readonly ServerTally[];
  /** Acknowledged writes that some server does not have at the end. */
  readonly lost: number;
  /** Documents in which changes met that did not know of each other. */
  readonly merged: number;
  /** By rule, sorted by its id. */
  readonly conflicts: readonly { readonly rule: string; readonly count: number }[];
  readonly refusals: readonly Refusal[];
  /** Players whose name another one has by an earlier claim. */
  readonly namesTwice: number;
  /** Players whose seat another one has by an earlier entry. */
  readonly seatsTwice: number;
  /** Players who were seated after the match had started elsewhere. */
  readonly seatsLate: number;
  readonly convergedMs: number | null;
  readonly checks: number;
  readonly findings: number;
}

/** Calls by what became of them. */
export type ServerTally = Readonly<Record<Outcome, number>> & { readonly server: string };

const OUTCOMES = ["ok", "failed", "unknown"] as const;

export function tallyOf({ history, states, checks, convergedMs }: RunResult): Tally {
  const { calls } = history;
  const [shown] = states;
  const logs = states.map(writtenIn);
  const conflicts = shown?.conflicts ?? [];
  const rules = [...new Set(conflicts.map(({ rule }) => rule))].sort();
  const seats = conflicts.filter(({ kind }) => kind === "seat").flatMap(({ candidates }) => candidates);
  return {
    servers: states.map(({ server }) => {
      const count = (outcome: Outcome) =>
        calls.filter((call) => call.server === server && call.outcome === outcome).length;
      const [ok, failed, unknown] = OUTCOMES.map(count);
      return { server, ok: ok ?? 0, failed: failed ?? 0, unknown: unknown ?? 0 };
    }),
    lost: calls.filter((call) => [...lostWrites([call], logs)].length > 0).length,
    merged: documentHistories(shown?.log ?? []).filter(isMerged).length,
    conflicts: rules.map((rule) => ({
      rule,
      count: conflicts.filter((conflict) => conflict.rule === rule).length,
    })),
    refusals: refusalsOf(calls),
    namesTwice: (shown?.players ?? []).filter(({ usernameStatus }) => usernameStatus === "lost").length,
    seatsTwice: seats.filter(({ value }) => value !== "seated" && value !== "late").length,
    seatsLate: seats.filter(({ value }) => value === "late").length,
    convergedMs,
    checks: checks.length,
    findings: checks.reduce((total, { findings }) => total + findings.length, 0),
  };
}
