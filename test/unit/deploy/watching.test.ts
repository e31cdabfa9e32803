/** The dashboard and the alerts name only what a server gives. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { alertRulesIn } from "../../support/alert-rules.ts";
import { startMeteredServer } from "../../support/metered-server.ts";
import { namedIn } from "../../support/promql.ts";

const DEPLOY = join(import.meta.dirname, "../../../deploy");
const read = (path: string): string => readFileSync(join(DEPLOY, path), "utf8");

const Target = z.object({ expr: z.string(), legendFormat: z.string() });
const Panel = z.object({
  type: z.string(),
  title: z.string().min(1),
  description: z.string().optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }).optional(),
  targets: z.array(Target).default([]),
});
const Dashboard = z.object({
  uid: z.string(),
  schemaVersion: z.number(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(Panel),
});

const dashboard = Dashboard.parse(JSON.parse(read("grafana/rollcall.json")));
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const alerts = alertRulesIn(read("prometheus/rollcall.rules.yaml"));

/** Given to every series by Prometheus, and by the scrape configuration in deploy/README.md. */
const TARGET_LABELS = ["job", "instance", "server"];

/** What can be asked for, with its labels: each series that is shown, and `up`, which Prometheus makes itself. */
let known: Map<string, Set<string>>;

beforeAll(async () => {
  const server = await startMeteredServer();
  known = new Map([["up", new Set(TARGET_LABELS)]]);
  for (const line of (await server.read()).split("\n")) {
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const of = known.get(name) ?? new Set(TARGET_LABELS);
    for (const [, label = ""] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) of.add(label);
    known.set(name, of);
  }
});

/** What an expression names and no server gives. */
function unknownIn(expression: string): string[] {
  const { metrics, groupedBy } = namedIn(expression);
  const labels = new Set(metrics.flatMap(({ metric }) => [...(known.get(metric) ?? [])]));
  return [
    ...metrics.filter(({ metric }) => !known.has(metric)).map(({ metric }) => metric),
    ...metrics.flatMap(({ metric, labels: matched }) =>
      matched.filter((label) => !known.get(metric)?.has(label)).map((label) => `${metric}{${label}}`),
    ),
    ...groupedBy.filter((label) => !labels.has(label)).map((label) => `by (${label})`),
  ];
}

/** Labels that a text shows, and none of the expression's metrics has. */
function unshown(text: string, pattern: RegExp, expression: string): string[] {
  const labels = new Set(namedIn(expression).metrics.flatMap(({ metric }) => [...(known.get(metric) ?? [])]));
  return [...text.matchAll(pattern)].map(([, label = ""]) => label).filter((label) => !labels.has(label));
}

describe("the dashboard", () => {
  it.each(panels)(
    "$title: names what there is, and says what it shows",
    ({ targets, description, fieldConfig }) => {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr, legendFormat } of targets) {
        expect(unknownIn(expr)).toEqual([]);
        expect(unshown(legendFormat, /\{\{(\w+)\}\}/g, expr)).toEqual([]);
        expect(expr).toContain('server=~"$server"');
      }
      expect(description).toMatch(/\.$/);
      expect(fieldConfig?.defaults.unit).toMatch(/./);
    },
  );

  it("lets its data source and servers be chosen", () => {
    const variables = dashboard.templating.list.map(({ name, type }) => [name, type]);
    expect(variables).toEqual([
      ["datasource", "datasource"],
      ["server", "query"],
    ]);
  });
});

describe("the alerts", () => {
  it("have names of their own", () => {
    expect(alerts.length).toBeGreaterThan(0);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it.each(alerts)("$alert: names what there is, and says what to do", ({ expr, annotations, severity }) => {
    expect(unknownIn(expr)).toEqual([]);
    const shown = Object.values(annotations).join(" ");
    expect(unshown(shown, /\{\{ \$labels\.(\w+) \}\}/g, expr)).toEqual([]);
    expect(Object.keys(annotations)).toEqual(["summary", "description", "runbook"]);
    expect(severity).toMatch(/^(warning|critical)$/);
  });
});

describe("what is misspelt", () => {
  it.each([
    ["rollcall_document", ["rollcall_document"]],
    ["rollcall_http_request_seconds_buckets", ["rollcall_http_request_seconds_buckets"]],
    ['rate(rollcall_conflicts_total{sort="seat"}[5m])', ["rollcall_conflicts_total{sort}"]],
    ["sum by (rules) (rate(rollcall_conflicts_total[5m]))", ["by (rules)"]],
    ["rollcall_documents + up_", ["up_"]],
  ])("is found: %s", (expression, unknown) => {
    expect(unknownIn(expression)).toEqual(unknown);
  });

  it.each(["rollcall_documents[5]", "{job=~1}", "rollcall_documents{job}", "sum", "rollcall_documents # up"])(
    "and what is not understood is no expression: %s",
    (expression) => {
      expect(() => namedIn(expression)).toThrow(SyntaxError);
    },
  );
});
