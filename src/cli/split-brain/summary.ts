/** What a run came to, for the terminal: a table, what was found, and a verdict in a line. */
import Table from "cli-table3";
import colors from "picocolors";
import type { Check } from "../../lab/checker/finding.ts";
import { counted } from "../../lab/counted.ts";
import { failureOf, figuresOf, SEED_MEANS, successOf } from "../../lab/report/figures.ts";
import { largestOf } from "../../lab/report/refusals.ts";
import { type Tally, tallyOf } from "../../lab/report/tally.ts";
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
    ...refusalTable(tally),
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

/** The largest few: half of a soak's writes are refused, and nobody should have to guess why. */
function refusalTable({ refusals }: Tally): string[] {
  const { shown, left } = largestOf(refusals);
  if (shown.length === 0) return [];
  const table = new Table({
    chars: CHARS,
    style: STYLE,
    colAligns: ["left", "right", "left"],
    head: ["refused", "writes", "why it is to be expected"].map((text) => colors.dim(text)),
  });
  for (const { code, count, why } of shown) table.push([printable(code), count, why]);
  if (left.codes > 0) table.push([counted(left.codes, "other"), left.writes, ""]);
  return ["", withoutTrail(table.toString())];
}

function numbersTable(tally: Tally): string {
  const table = new Table({ chars: CHARS, style: STYLE });
  for (const { name, value, more, isBad } of figuresOf(tally)) {
    const text = more === undefined ? value : `${value}: ${more}`;
    table.push([name, isBad ? colors.red(text) : text]);
  }
  return table.toString();
}

function verdictLine(run: RunResult, tally: Tally): string {
  if (tally.findings === 0) {
    return `${colors.green(colors.bold("PASSED"))}  ${successOf(tally)}`;
  }
  const again = colors.bold(againCommand(run));
  const failed = run.checks.filter((check) => check.findings.length > 0).length;
  const failure = `${failureOf(tally, failed)}, seed ${run.seed}`;
  return `${colors.red(colors.bold("FAILED"))}  ${failure}. Again:\n${again}\n(${SEED_MEANS})`;
}
