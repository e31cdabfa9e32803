/**
 * Reads the alert rules in the one form in which they are written: a list of flat alerts, texts in single quotes. A line
 * of another form is an error, so that nothing is passed over. Whether Prometheus takes them, promtool says.
 */

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const HEAD = ["groups:", "  - name: rollcall", "    rules:"];
const LINE =
  /^(?: {6}- (alert): (\w+)| {8}(expr): '(.+)'| {8}(for): (\d+m)| {10}(severity): (\w+)| {10}(summary|description|runbook): '(.+)')$/;
const SECTION = /^ {8}(labels|annotations):$/;

/** @throws SyntaxError at a line that is none of these. */
export function alertRulesIn(text: string): AlertRule[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.splice(0, HEAD.length).join() !== HEAD.join()) throw new SyntaxError("another head");
  const rules: Map<string, string>[] = [];
  for (const line of lines) {
    if (SECTION.test(line)) continue;
    const [key, value] =
      LINE.exec(line)
        ?.slice(1)
        .filter((part) => part !== undefined) ?? [];
    if (key === undefined || value === undefined) throw new SyntaxError(`not understood: ${line}`);
    if (key === "alert") rules.push(new Map());
    const rule = rules.at(-1);
    if (rule === undefined || rule.has(key)) throw new SyntaxError(`not where it belongs: ${line}`);
    rule.set(key, value.replaceAll("''", "'"));
  }
  return rules.map((rule) => {
    const {
      alert = "",
      expr = "",
      for: lasts = "",
      severity = "",
      ...annotations
    } = Object.fromEntries(rule);
    return { alert, expr, for: lasts, severity, annotations };
  });
}
