import { expect, it } from "vitest";
import { conflictLines } from "../../../../src/cli/operator/conflicts-text.ts";
import { CONFLICTS } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

it("says of each what stood against what, what stands, and why", () => {
  expect(shown(conflictLines({ items: CONFLICTS, more: true }, screen(120)))).toMatchInlineSnapshot(`
    "
    username  01a2189c-ff60-752e-b970-090893daff34  rule CLM1
      value  player                                server    at (UTC)             change
    ● "ada"  01a2189c-ff60-752e-b970-090893daff34  server-1  2026-11-26 11:59:00
    ○ "ada"  01a2189c-ff87-7af9-9d38-cfcc595297b7  ?         2026-11-26 11:59:01
      01a2189c-ff60-752e-b970-090893daff34 claimed the name "ada" at server-1, while 01a2189c-ff87-7af9-9d38-cfcc595297b7
      did so elsewhere; 01a2189c-ff60-752e-b970-090893daff34 owns it: the earliest claim

    field displayName  01a2189c-ff87-7af9-9d38-cfcc595297b7  rule PLY1
      value                                        server    at (UTC)             change
    ● "<script>alert(\\"1\\")</script>'&\\u001b[31m"  server-2  2026-11-26 10:00:00  27d67ad6
    ○ "漢字"                                       server-3  2026-11-26 09:59:59  be41014d
      server-2 set displayName to <script>alert("1")</script>'&�[31m

    There are older ones: --limit shows more.
    "
  `);
});

it("fits 80 columns", () => {
  expect(shown(conflictLines({ items: CONFLICTS, more: false }, screen(80)))).toMatchInlineSnapshot(`
    "
    username  01a2189c-ff60-752e-b970-090893daff34  rule CLM1
      value  player                                server    at (UTC)
    ● "ada"  01a2189c-ff60-752e-b970-090893daff34  server-1  2026-11-26 11:59:00
    ○ "ada"  01a2189c-ff87-7af9-9d38-cfcc595297b7  ?         2026-11-26 11:59:01
      01a2189c-ff60-752e-b970-090893daff34 claimed the name "ada" at server-1, while
      01a2189c-ff87-7af9-9d38-cfcc595297b7 did so elsewhere;
      01a2189c-ff60-752e-b970-090893daff34 owns it: the earliest claim

    field displayName  01a2189c-ff87-7af9-9d38-cfcc595297b7  rule PLY1
      value                                        server    at (UTC)
    ● "<script>alert(\\"1\\")</script>'&\\u001b[31m"  server-2  2026-11-26 10:00:00
    ○ "漢字"                                       server-3  2026-11-26 09:59:59
      server-2 set displayName to <script>alert("1")</script>'&�[31m
    "
  `);
});

it("has colours on a terminal", () => {
  const items = CONFLICTS.slice(1);
  const lines = conflictLines({ items, more: false }, screen(80, { colors: true }));
  expect(shown(lines)).toMatchInlineSnapshot(`
    "
    ␛[1mfield displayName␛[22m  01a2189c-ff87-7af9-9d38-cfcc595297b7  ␛[2mrule PLY1␛[22m
    ␛[2m  value␛[22m                                        ␛[2mserver␛[22m    ␛[2mat (UTC)␛[22m
    ␛[32m● "<script>alert(\\"1\\")</script>'&\\u001b[31m"␛[39m  server-2  2026-11-26 10:00:00
    ○ "漢字"                                       server-3  2026-11-26 09:59:59
      server-2 set displayName to <script>alert("1")</script>'&�[31m
    "
  `);
});

it("says when there are none", () => {
  expect(conflictLines({ items: [], more: false }, screen(80))).toEqual(["No conflicts."]);
});
