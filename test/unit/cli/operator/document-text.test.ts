import { expect, it } from "vitest";
import { diffLines, documentLines } from "../../../../src/cli/operator/document-text.ts";
import type { DiffAnswer, DocumentAnswer } from "../../../../src/http/contract/history.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { ADA, FORKED } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const [, RIGHT = "", LEFT = ""] = FORKED.map(({ hash }) => hash);
const DOCUMENT: DocumentAnswer = {
  id: ADA,
  kind: "player",
  heads: [LEFT, RIGHT],
  document: {
    "metadata/level": 7,
    displayName: HOSTILE,
    "metadata/about": "A long story. ".repeat(12),
    "metadata/a key that is longer than others": true,
  },
};
const DIFF: DiffAnswer = {
  from: [LEFT],
  to: [LEFT, RIGHT],
  patches: [
    { path: "displayName", from: "Ada of the west", to: HOSTILE },
    { path: "metadata/level", to: 7 },
    { path: "region", from: "eu" },
  ],
};

it("shows registers by path, and their values whole", () => {
  expect(shown(documentLines(DOCUMENT, screen(80)))).toMatchInlineSnapshot(`
    "
    player 01a2189c-ff60-752e-b970-090893daff34 at b2b2b2b2,c3c3c3c3
    displayName     "<script>alert(\\"1\\")</script>'&\\u001b[31m"
    metadata/a key that is longer than others
                    true
    metadata/about  "A long story. A long story. A long story. A long story. A long
                    story. A long story. A long story. A long story. A long story. A
                    long story. A long story. A long story. "
    metadata/level  7
    "
  `);
});

it("shows what reads differently", () => {
  expect(shown(diffLines(DIFF, screen(120)))).toMatchInlineSnapshot(`
    "
    from b2b2b2b2 to b2b2b2b2,c3c3c3c3
    displayName     - "Ada of the west"
                    + "<script>alert(\\"1\\")</script>'&\\u001b[31m"
    metadata/level  - unset
                    + 7
    region          - "eu"
                    + unset
    "
  `);
});

it("has colours on a terminal", () => {
  expect(shown(diffLines(DIFF, screen(80, { colors: true })))).toMatchInlineSnapshot(`
    "
    from ␛[33mb2b2b2b2␛[39m to ␛[33mb2b2b2b2,c3c3c3c3␛[39m
    displayName     ␛[31m- "Ada of the west"␛[39m
                    ␛[32m+ "<script>alert(\\"1\\")</script>'&\\u001b[31m"␛[39m
    metadata/level  ␛[31m- unset␛[39m
                    ␛[32m+ 7␛[39m
    region          ␛[31m- "eu"␛[39m
                    ␛[32m+ unset␛[39m
    "
  `);
});

it("says when nothing does", () => {
  const lines = diffLines({ ...DIFF, patches: [] }, screen(80));
  expect(lines).toEqual(["from b2b2b2b2 to b2b2b2b2,c3c3c3c3", "Nothing reads differently."]);
});
