import { expect, it } from "vitest";
import { auditLines } from "../../../../src/cli/operator/audit-text.ts";
import type { AuditRecordAnswer } from "../../../../src/http/contract/audit.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { ADA, ago, FORKED } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const RECORDS: readonly AuditRecordAnswer[] = [
  {
    ...{ id: "1", at: ago(5), action: "restore", by: "ops", operator: "grace", server: "server-1" },
    ...{ address: "10.0.0.9", documentId: ADA, change: FORKED[0]?.hash, reason: HOSTILE },
  },
  { id: "2", at: ago(90_000), action: "forget", by: "ops", server: null, member: "server-3" },
];

it("says when, what, by whom, to what and why", () => {
  expect(shown(auditLines({ items: RECORDS, more: true }, screen(80)))).toMatchInlineSnapshot(`
    "
    2026-11-26 11:59:55  restore  by grace (ops) from 10.0.0.9  at server-1
      01a2189c-ff60-752e-b970-090893daff34  change d4d4d4d4
      "<script>alert("1")</script>'&�[31m"
    2026-11-25 11:00:00  forget  by ops  at ?
      server-3
    There are older ones: --limit shows more.
    "
  `);
});

it("has colours on a terminal", () => {
  const lines = auditLines({ items: RECORDS.slice(1), more: false }, screen(80, { colors: true }));
  expect(shown(lines)).toMatchInlineSnapshot(`
    "
    ␛[2m2026-11-25 11:00:00  ␛[22m␛[1mforget␛[22m  by ops  at ?
      server-3
    "
  `);
});

it("says when there is nothing", () => {
  expect(auditLines({ items: [], more: false }, screen(80))).toEqual(["Nothing was done by operators."]);
});
