import { describe, expect, it } from "vitest";
import { decodeChange, LiveDocument } from "../../../crdt/automerge.ts";
import { formatChangeNote, parseChangeNote } from "../../../crdt/change-note.ts";
import { MalformedTextError } from "../../../crdt/errors.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { actorOf } from "../../support/replica.ts";

const STAMP = "018bcfe568000007";

describe("change note", () => {
  it("[HIS1] says when, why and on whose behalf", () => {
    expect(formatChangeNote({ stamp: STAMP, reason: "register", by: "key" })).toBe(`${STAMP} register key`);
    expect(formatChangeNote({ stamp: STAMP, reason: "edit" })).toBe(`${STAMP} edit`);
  });

  it("[HIS1] is read as it was written", () => {
    for (const note of [
      { stamp: STAMP, reason: "register", by: "key" } as const,
      { stamp: STAMP, reason: "edit" } as const,
      { stamp: STAMP, reason: "restore", by: "ops", restores: "0a".repeat(32) } as const,
    ]) {
      expect(parseChangeNote(formatChangeNote(note))).toEqual(note);
    }
  });

  it("[HIS1] of a newer version is read as far as it is known", () => {
    expect(parseChangeNote(`${STAMP} restore ops 0123abcd`)).toEqual({
      stamp: STAMP,
      reason: "restore",
      by: "ops",
    });
    expect(parseChangeNote(STAMP)).toEqual({ stamp: STAMP, reason: "" });
  });

  it.each(["", "register key", ` ${STAMP} edit`, "018BCFE568000007 edit"])(
    "[HIS1] %j is no note",
    (message) => {
      expect(() => parseChangeNote(message)).toThrow(MalformedTextError);
    },
  );

  it("[HIS1] travels inside the change, under its hash", () => {
    const document = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(1), []);
    const message = formatChangeNote({ stamp: STAMP, reason: "edit", by: "ops" });
    const { bytes, hash } = document.edit({ timeMs: 0, message }, [
      { map: null, key: "region", value: "eu" },
    ]);
    document.free();
    expect(parseChangeNote(decodeChange(bytes, hash).message)).toEqual({
      stamp: STAMP,
      reason: "edit",
      by: "ops",
    });
  });
});
