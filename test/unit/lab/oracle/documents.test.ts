import { expect, test } from "vitest";
import { documentsOf } from "../../../../src/lab/oracle/documents.ts";
import { twiceUnderOneNumber } from "../../../support/lab-run.ts";
import { idOf } from "../../../support/log-fixtures.ts";

test("an actor that wrote two changes under one number is told, and ends no judging", () => {
  const log = twiceUnderOneNumber();
  expect(documentsOf(log)).toMatchObject([
    { id: idOf(2), refused: 1, content: { region: "eu", displayName: "before" } },
  ]);
  expect(documentsOf(log.slice(0, 2))).toMatchObject([{ refused: 0, isWhole: true }]);
});
