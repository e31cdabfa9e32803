import { expect, it } from "vitest";
import { ENTRY_KIND } from "../../../../crdt/entry.ts";
import { matchesNotIn } from "../../../../src/lab/checker/final-state.ts";
import { entryOf, idOf } from "../../../support/log-fixtures.ts";

it("[MAT4] matches that a server leaves out of its list are known by its log", () => {
  const log = [
    entryOf({ sequence: 1, documentId: idOf(1) }),
    ...[2, 3, 3].map((number, index) =>
      entryOf({ sequence: 2 + index, kind: ENTRY_KIND.matchChange, documentId: idOf(number) }),
    ),
  ];
  expect(matchesNotIn([{ id: idOf(2) }], log)).toEqual(new Set([idOf(3)]));
});
