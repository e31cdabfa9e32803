import { expect, it } from "vitest";
import { historyLines } from "../../../../src/cli/operator/history-text.ts";
import { displayWidth } from "../../../../src/cli/text/display-width.ts";
import type { RecordedChangeAnswer } from "../../../../src/http/contract/history.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { change, FORKED } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

it("has lanes, and beside them who did what, when and why", () => {
  expect(shown(historyLines({ items: FORKED, more: false }, screen(120)))).toMatchInlineSnapshot(`
    "
    ●    d4d4d4d4  unknown server  3 s ago  restore by ops
    ├─╮  put back what c3c3c3c3 had set: set displayName to "Ada of the east"
    │ ●  c3c3c3c3  server-2  59 s ago  edit by key  did not know of 1
    │ │  server-2 set displayName to "Ada of the east"
    ● │  b2b2b2b2  server-1  1 min ago  edit by key  did not know of 1
    │ │  server-1 set displayName to "Ada of the west", while server-2 set it to "Ada of the east"; "Ada of the west"
    │ │  stands: later by Automerge's order
    ├─╯
    ●    a1a1a1a1  server-1  2 h ago  register by key
         server-1 registered the player: set displayName to "Ada"
    "
  `);
});

it("fits 80 columns", () => {
  expect(shown(historyLines({ items: FORKED, more: true }, screen(80)))).toMatchInlineSnapshot(`
    "
    ●    d4d4d4d4  unknown server  3 s ago  restore by ops
    ├─╮  put back what c3c3c3c3 had set: set displayName to "Ada of the east"
    │ ●  c3c3c3c3  server-2  59 s ago  edit by key  did not know of 1
    │ │  server-2 set displayName to "Ada of the east"
    ● │  b2b2b2b2  server-1  1 min ago  edit by key  did not know of 1
    │ │  server-1 set displayName to "Ada of the west", while server-2 set it to
    │ │  "Ada of the east"; "Ada of the west" stands: later by Automerge's order
    ├─╯
    ●    a1a1a1a1  server-1  2 h ago  register by key
         server-1 registered the player: set displayName to "Ada"
    There are older ones: --limit shows more.
    "
  `);
});

it("has colours on a terminal", () => {
  const items = FORKED.slice(0, 2);
  expect(shown(historyLines({ items, more: true }, screen(80, { colors: true })))).toMatchInlineSnapshot(`
    "
    ␛[1m● ␛[22m   ␛[33md4d4d4d4␛[39m  ␛[1munknown server␛[22m  3 s ago  restore by ops
    ␛[36m├─␛[39m␛[35m╮ ␛[39m put back what c3c3c3c3 had set: set displayName to "Ada of the east"
    ␛[36m│ ␛[39m␛[1m● ␛[22m ␛[33mc3c3c3c3␛[39m  ␛[1mserver-2␛[22m  59 s ago  edit by key␛[2m  did not know of 1␛[22m
    ␛[36m│ ␛[39m␛[35m│ ␛[39m server-2 set displayName to "Ada of the east"
    There are older ones: --limit shows more.
    "
  `);
});

it("says when there are none", () => {
  expect(historyLines({ items: [], more: false }, screen(80))).toEqual(["No changes."]);
});

it("fits however many did not know of each other, and shows each of them", () => {
  const base = change("0", []);
  const many: RecordedChangeAnswer[] = Array.from({ length: 60 }, (_, index) =>
    change((index + 1).toString(16), [base.hash]),
  );
  const lines = historyLines({ items: [...many, base], more: false }, screen(80));
  expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([]);
  for (const { hash } of many) expect(lines.some((line) => line.includes(hash.slice(0, 8)))).toBe(true);
  expect(lines.filter((line) => line.includes("●"))).toHaveLength(61);
});

it("lets no text steer the terminal", () => {
  const items = [{ ...change("a", []), server: HOSTILE, reason: HOSTILE, words: HOSTILE, by: "\u009b2J" }];
  expect(historyLines({ items, more: false }, screen(120)).join("")).not.toMatch(/\p{Cc}/u);
});
