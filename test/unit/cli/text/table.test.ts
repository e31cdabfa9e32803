import { expect, test } from "vitest";
import { drawTable } from "../../../../src/cli/text/table.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { screen } from "../../../support/screens.ts";

const COLUMNS = [
  { head: "name", least: 6 },
  { head: "n", align: "right" },
  { head: "note", least: 4, spare: 1 },
  { head: "id", spare: 2 },
] as const;
const ROWS = [
  ["mallory of the west", "7", "early", "0190"],
  ["漢字", { text: "1,234", paint: "red" as const }, "", "0191"],
];

test("columns are aligned by what they show", () => {
  expect(drawTable(COLUMNS, ROWS, screen(80))).toEqual([
    "name                     n  note   id",
    "mallory of the west      7  early  0190",
    "漢字                 1,234         0191",
  ]);
});

test("a narrow screen loses spare columns first, then the ends of wide ones", () => {
  expect(drawTable(COLUMNS, ROWS, screen(33))[1]).toBe("mallory of the west      7  early");
  expect(drawTable(COLUMNS, ROWS, screen(26))[1]).toBe("mallory of the west      7");
  expect(drawTable(COLUMNS, ROWS, screen(15))[1]).toBe("mallory…      7");
  expect(drawTable(COLUMNS, ROWS, screen(Number.POSITIVE_INFINITY))[1]).toBe(
    "mallory of the west      7  early  0190",
  );
});

test("colours are around what is shown, and fill nothing", () => {
  const line = drawTable(COLUMNS, ROWS, screen(80, { colors: true }))[2];
  expect(line).toBe("漢字                 \u001b[31m1,234\u001b[39m         0191");
});

test("no text steers the terminal, also not where it is cut", () => {
  const lines = drawTable([{ head: "name", least: 2 }], [[HOSTILE], ["two\nlines"]], screen(40));
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  expect(lines).toHaveLength(3);
});
