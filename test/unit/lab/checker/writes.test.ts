import { expect, test } from "vitest";
import { encodeAudit } from "../../../../crdt/audit.ts";
import { ENTRY_KIND, type Entry } from "../../../../crdt/entry.ts";
import type { FinalState } from "../../../../src/lab/checker/final-state.ts";
import { brokenWrites, writtenIn } from "../../../../src/lab/checker/writes.ts";
import type { RecordedCall } from "../../../../src/lab/history.ts";
import { entryOf, idOf, STAMP } from "../../../support/log-fixtures.ts";

const SAID = "mark-0000007-0123abcd";
const BAN: RecordedCall = {
  what: "ban",
  server: "server-1",
  mark: SAID,
  startedMs: 0,
  endedMs: 1,
  outcome: "ok",
  status: 201,
  code: null,
  position: null,
};

function written(server: string, ...log: Entry[]) {
  return writtenIn({ server, log } as unknown as FinalState);
}

const change = (sequence: number) => entryOf({ sequence, body: Buffer.from(`a ban, ${SAID}`) });

test("a write stands once, though an operator's reason is noted a second time beside the change", () => {
  const body = encodeAudit({ stamp: STAMP, action: "ban", by: "ops", documentId: idOf(1), reason: SAID });
  const audit = entryOf({ sequence: 2, kind: ENTRY_KIND.audit, hash: null, body });
  expect([...brokenWrites([BAN], [written("server-1", change(1), audit)])]).toEqual([]);
});

test("a write that stands twice, or not everywhere, is found", () => {
  expect([...brokenWrites([BAN], [written("server-1", change(1), change(2))])]).toEqual([
    `"ban" of server-1 stands twice: ${SAID}`,
  ]);
  expect([...brokenWrites([BAN], [written("server-1", change(1)), written("server-2")])]).toEqual([
    `"ban" of server-1 is on 1 servers of 2: ${SAID}`,
  ]);
});
