import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AUDITED_ACTIONS, type AuditRecord, auditRecordOf, encodeAudit } from "../../../crdt/audit.ts";
import { ENTRY_KIND } from "../../../crdt/entry.ts";
import { entryOf, idOf, STAMP } from "../../support/log-fixtures.ts";

const entryWith = (body: Uint8Array, fields: object = {}) =>
  entryOf({ sequence: 1, kind: ENTRY_KIND.audit, hash: null, body, ...fields });
const text = fc.string({ unit: "grapheme", maxLength: 200 }).filter((value) => !value.includes("\0"));
const records: fc.Arbitrary<AuditRecord> = fc.record(
  {
    stamp: fc.constant(STAMP),
    action: fc.constantFrom(...AUDITED_ACTIONS),
    by: fc.constantFrom("ops", "key"),
    documentId: fc.constant(idOf(1)),
    change: fc.constant("a".repeat(64)),
    member: fc.constant("eu-1"),
    operator: text,
    reason: text,
    address: fc.ipV4(),
  },
  { requiredKeys: ["stamp", "action", "by"] },
);

describe("the record of what an operator did", () => {
  it("[AUD1] comes back from its entry as it was", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(auditRecordOf(entryWith(encodeAudit(record)))).toEqual(record);
      }),
    );
    expect(
      auditRecordOf(entryWith(encodeAudit({ stamp: STAMP, action: "ban", by: "ops", reason: undefined }))),
    ).toEqual({ stamp: STAMP, action: "ban", by: "ops" });
  });

  it("[UNK1] is none in an entry of another kind or version, or that says what this version does not know", () => {
    const body = encodeAudit({ stamp: STAMP, action: "ban", by: "ops" });
    expect(auditRecordOf(entryWith(body, { kind: ENTRY_KIND.erasure }))).toBeUndefined();
    expect(auditRecordOf(entryWith(body, { version: 2 }))).toBeUndefined();
    for (const said of [
      { stamp: "yesterday" },
      { action: "praise" },
      { by: 1 },
      { by: "o\0ps" },
      { by: "x".repeat(5_000) },
    ]) {
      const other = Buffer.from(JSON.stringify({ stamp: STAMP, action: "ban", by: "ops", ...said }));
      expect(auditRecordOf(entryWith(other))).toBeUndefined();
    }
  });

  it("[UNK1] leaves out what is unfit, and is none where nothing can be read at all", () => {
    const said = { stamp: STAMP, action: "ban", by: "ops", documentId: "nobody", change: 1, reason: ["x"] };
    expect(auditRecordOf(entryWith(Buffer.from(JSON.stringify(said))))).toEqual({
      stamp: STAMP,
      action: "ban",
      by: "ops",
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(auditRecordOf(entryWith(bytes))).toBeUndefined();
      }),
    );
    for (const json of ["null", "[]", "1", '"x"']) {
      expect(auditRecordOf(entryWith(Buffer.from(json)))).toBeUndefined();
    }
  });
});
