import { describe, expect, it } from "vitest";
import {
  changeEntryKind,
  documentKindOf,
  ENTRY_KIND,
  ENTRY_VERSION,
  type Entry,
  encodeOriginBegan,
  entryBytes,
  serverThatBegan,
} from "../../../crdt/entry.ts";
import { actorOf, PLAYER_ID } from "../../support/replica.ts";

const CHANGE: Entry = {
  origin: actorOf(1),
  sequence: 2,
  kind: ENTRY_KIND.playerChange,
  version: ENTRY_VERSION,
  documentId: PLAYER_ID,
  hash: "00".repeat(32),
  body: new Uint8Array(100),
};

const BEGAN: Entry = {
  origin: actorOf(1),
  sequence: 1,
  kind: ENTRY_KIND.originBegan,
  version: ENTRY_VERSION,
  documentId: null,
  hash: null,
  body: encodeOriginBegan("eu-1"),
};

describe("entry", () => {
  it("[POS1] kinds and versions are the numbers they have been since the first version", () => {
    expect(ENTRY_KIND).toEqual({
      originBegan: 1,
      playerChange: 2,
      matchChange: 3,
      erasure: 4,
      audit: 5,
      memberForgotten: 6,
    });
    expect(ENTRY_VERSION).toBe(1);
    expect(changeEntryKind("player")).toBe(2);
    expect(changeEntryKind("match")).toBe(3);
  });

  it("[POS1] the first entry of an origin says whose incarnation it is", () => {
    expect(serverThatBegan(BEGAN)).toBe("eu-1");
    expect(serverThatBegan(CHANGE)).toBeUndefined();
  });

  it("[UNK1] an entry changes a document if its kind and version are known, and it names one", () => {
    expect(documentKindOf(CHANGE)).toBe("player");
    expect(documentKindOf(BEGAN)).toBeUndefined();
    expect(documentKindOf({ ...CHANGE, kind: 77 })).toBeUndefined();
    expect(documentKindOf({ ...CHANGE, version: 2 })).toBeUndefined();
    expect(documentKindOf({ ...CHANGE, documentId: null })).toBeUndefined();
    expect(serverThatBegan({ ...BEGAN, version: 2 })).toBeUndefined();
  });

  it("[STO1] the name of a server that no database takes is no name", () => {
    expect(serverThatBegan({ ...BEGAN, body: encodeOriginBegan("eu\0") })).toBeUndefined();
    expect(serverThatBegan({ ...BEGAN, body: encodeOriginBegan("x".repeat(257)) })).toBeUndefined();
    expect(serverThatBegan({ ...BEGAN, body: Uint8Array.of(0xff) }), "bytes that are no text").toBe("\ufffd");
  });

  it("[POS1] is counted with its framing", () => {
    expect(entryBytes(CHANGE)).toBeGreaterThan(CHANGE.body.byteLength);
  });
});
