/** What a run came to, as a table and a verdict. */
import type { RunResult } from "../../lab/run.ts";

/** Plays the run again. */
export function againCommand({ scenario, seed }: Pick<RunResult, "scenario" | "seed">): string {
  return `rollcall split-brain --scenario ${scenario.name} --seed ${seed}`;
}

export function summaryOf(result: RunResult): string {
  const { history, convergedMs, states, checks } = result;
  const servers = states.map(({ server }) => server);
  const counts = (server: string, outcome: string) =>
    history.calls.filter((call) => call.server === server && call.outcome === outcome).length;
  const rows = servers.map((server) => [
    server,
    ...["ok", "failed", "unknown"].map((outcome) => String(counts(server, outcome))),
  ]);
  const conflicts = states[0]?.conflicts ?? [];
  const kinds = [...new Set(conflicts.map(({ kind }) => kind))].sort();
  const byKind = kinds.map((kind) => `${conflicts.filter((one) => one.kind === kind).length} ${kind}`);
  const findings = checks.flatMap((check) => check.findings);
  return [
    table([["", "acknowledged", "refused", "unknown"], ...rows]),
    `  faults: ${history.faults.length}; conflicts: ${byKind.join(", ") || "none"}; converged ${
      convergedMs === null ? "never" : `${(convergedMs / 1_000).toFixed(1)} s after the last fault`
    }`,
    ...findings.map(({ check, words }) => `  ${check}: ${words}`),
    findings.length === 0
      ? `PASSED  ${checks.length} checks: nothing lost, nothing twice, all servers show the same`
      : `FAILED  ${findings.length} findings. Again: ${againCommand(result)}`,
  ].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
