import { expect, test } from "vitest";
import { ENTRY_KIND, ENTRY_VERSION, type Entry } from "../../../../crdt/entry.ts";
import { documentsOf } from "../../../../src/lab/oracle/documents.ts";
import { newAuthor } from "../../../support/author.ts";
import { idOf } from "../../../support/log-fixtures.ts";

const [S1, S2, S3] = ["019ab33c5e7f0000", "019ab33c5e7f0001", "019ab33c5e7f0002"];

test("an actor that wrote two changes under one number is told, and ends no judging", () => {
  const one = newAuthor(1);
  const registered = one.write(S1, { region: "eu" });
  // The same actor, twice, neither knowing of the other: a server that was restored and kept its actor.
  const before = newAuthor(2, one).write(S2, { displayName: "before" });
  const again = newAuthor(2, one).write(S3, { displayName: "again" });
  const log = [registered, before, again].map(
    ({ actor, hash, bytes }, index): Entry => ({
      origin: actor,
      sequence: index + 1,
      kind: ENTRY_KIND.playerChange,
      version: ENTRY_VERSION,
      documentId: idOf(1),
      hash,
      body: bytes,
    }),
  );
  expect(documentsOf(log)).toMatchObject([
    { id: idOf(1), refused: 1, content: { region: "eu", displayName: "before" } },
  ]);
  expect(documentsOf(log.slice(0, 2))).toMatchObject([{ refused: 0, isWhole: true }]);
});
