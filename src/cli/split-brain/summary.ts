/** What a run came to, for the terminal: a table, what was found, and a verdict in a line. */
import Table from "cli-table3";
import colors from "picocolors";
import type { Check } from "../../lab/checker/finding.ts";
import { type Tally, tallyOf } from "../../lab/report/tally.ts";
import { durationText } from "../../lab/report/time-axis.ts";
import type { RunResult } from "../../lab/run.ts";
import { printable } from "../printable.ts";
import { againCommand } from "./again-command.ts";

/** Of one check; the page of `--report` has all that were kept. */
const FINDINGS_SHOWN = 3;
const WORDS_SHOWN = 300;

export function summaryOf(result: RunResult): string {
  const tally = tallyOf(result);
  return [
    "",
    withoutTrail(writesTable(tally)),
    "",
    withoutTrail(numbersTable(tally)),
    "",
    ...result.checks.flatMap(findingLines),
    verdictLine(result, tally),
  ].join("\n");
}

function findingLines({ name, findings }: Check): string[] {
  const shown = findings.slice(0, FINDINGS_SHOWN).map(({ words }) => {
    const text = printable(words);
    const cut = text.length > WORDS_SHOWN ? `${text.slice(0, WORDS_SHOWN)} …` : text;
    return `${colors.red(name)}: ${cut}`;
  });
  const more = findings.length - shown.length;
  return more > 0 ? [...shown, `${colors.red(name)}: ${more} more`] : shown;
}

function withoutTrail(table: string): string {
  return table.replaceAll(/ +$/gm, "");
}

/** No lines around cells: it is read the same where it is cut from a log. */
const CHARS = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};
/** Colours are ours alone, so that NO_COLOR holds for all of them. */
const STYLE = { head: [], border: [], "padding-left": 1, "padding-right": 0 };

function writesTable({ servers }: Tally): string {
  const table = new Table({
    chars: CHARS,
    style: STYLE,
    colAligns: ["left", "right", "right", "right"],
    head: ["writes", "acknowledged", "refused", "unknown"].map((text) => colors.dim(text)),
  });
  for (const { server, ok, failed, unknown } of servers) table.push([server, ok, failed, unknown]);
  return table.toString();
}

function numbersTable({ lost, merged, conflicts, namesLost, seatsLost, convergedMs }: Tally): string {
  const table = new Table({ chars: CHARS, style: STYLE });
  const rules = conflicts.map(({ rule, count }) => `${count} by ${rule}`).join(", ");
  table.push(
    ["acknowledged writes lost", lost === 0 ? "0" : colors.red(lost)],
    ["documents merged", merged],
    ["conflicts", rules || "none"],
    ["names lost", namesLost],
    ["seats lost", seatsLost],
    ["time to converge", convergedMs === null ? colors.red("never") : durationText(convergedMs)],
  );
  return table.toString();
}

function verdictLine(run: RunResult, { checks, findings }: Tally): string {
  if (findings === 0) {
    return `${colors.green(colors.bold("PASSED"))}  ${checks} checks: nothing lost, nothing twice, all servers show the same`;
  }
  const again = colors.bold(againCommand(run));
  const failed = run.checks.filter((check) => check.findings.length > 0).length;
  const failure = `${failed} of ${checks} checks, ${findings} findings, seed ${run.seed}`;
  return `${colors.red(colors.bold("FAILED"))}  ${failure}. Again:\n${again}`;
}
