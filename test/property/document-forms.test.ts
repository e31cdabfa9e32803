/**
 * A document is kept as nothing, as one decoded change or as a live Automerge document, whichever is cheapest, and
 * it never shows: neither for what this version writes nor for what a newer or faulty one might.
 */
import { encodeChange } from "@automerge/automerge";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeChange, encodeOntoFirst, fitsOntoFirst, LiveDocument } from "../../crdt/automerge.ts";
import { type ChangeHead, changeHash, type EncodedChange } from "../../crdt/change.ts";
import type { Write } from "../../crdt/document.ts";
import { UnacceptableChangeError } from "../../crdt/errors.ts";
import { startOpOntoFirst, stateOfWrites, stateOntoFirst } from "../../crdt/first-change.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { registrationWrites } from "../../crdt/player-intents.ts";
import { WorkingDocument } from "../../src/registry/working-document.ts";
import { contentOf } from "../support/document-content.ts";
import { anyKey, anyScalar, registrations } from "../support/player-arbitraries.ts";
import { actorOf, PLAYER_ID } from "../support/replica.ts";
import { seeded } from "../support/seeded.ts";

const ACTOR = actorOf(1);
const READER = actorOf(2);
const HEAD: Omit<ChangeHead, "actor"> = { timeMs: 1_700_000_000_000, message: "note" };
const SLOW_MACHINE_MS = 30_000;

const playerWrites: fc.Arbitrary<Write[]> = registrations.map((registration) =>
  registrationWrites(registration, { stamp: "018bcfe568000000", homeServer: "eu-1" }),
);

/** Set by the first change, so that setting them again is no plain write. */
const TAKEN = ["kind", "schema", ...PLAYER_FIRST_CHANGE.shape.maps];

/** Any registers at all, each once. */
const anyWrites: fc.Arbitrary<Write[]> = fc.uniqueArray(
  fc
    .record({
      map: fc.constantFrom(null, ...PLAYER_FIRST_CHANGE.shape.maps),
      key: anyKey,
      value: anyScalar,
    })
    .filter(({ map, key }) => map !== null || !TAKEN.includes(key)),
  { minLength: 1, maxLength: 8, selector: ({ map, key }) => `${map} ${key}` },
);

const writes = fc.oneof(playerWrites, anyWrites);

type Content = ReturnType<typeof contentOf>;

function liveContent(changes: readonly EncodedChange[]): Content {
  const document = LiveDocument.from(
    PLAYER_FIRST_CHANGE,
    READER,
    changes.map(({ bytes }) => bytes),
  );
  const content = contentOf(document.state());
  document.free();
  return content;
}

function edited(made: readonly Write[]): { change: EncodedChange; content: Content } {
  const document = LiveDocument.from(PLAYER_FIRST_CHANGE, ACTOR, []);
  const change = document.edit(HEAD, made);
  const content = contentOf(document.state());
  document.free();
  return { change, content };
}

function decodedContent({ bytes, hash }: EncodedChange): Content {
  return contentOf(stateOntoFirst(PLAYER_FIRST_CHANGE, decodeChange(bytes, hash)));
}

function workingDocument(live?: LiveDocument): WorkingDocument {
  return new WorkingDocument(PLAYER_ID, PLAYER_FIRST_CHANGE, ACTOR, live);
}

function untouched(): LiveDocument {
  return LiveDocument.from(PLAYER_FIRST_CHANGE, ACTOR, []);
}

describe("forms of a document", { timeout: SLOW_MACHINE_MS }, () => {
  it("[DOC4] a first edit is the same change, to the byte, with and without a live document", () => {
    fc.assert(
      fc.property(writes.filter(fitsOntoFirst), (made) => {
        const without = encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: ACTOR }, made);
        expect(without).toEqual(edited(made).change);
      }),
      seeded(150),
    );
  });

  it("[DOC4] the state is the same from the writes, the decoded change, and the live document", () => {
    fc.assert(
      fc.property(writes, (made) => {
        const { change, content } = edited(made);
        expect(contentOf(stateOfWrites(PLAYER_FIRST_CHANGE, ACTOR, made))).toEqual(content);
        expect(decodedContent(change)).toEqual(content);
        expect(liveContent([change])).toEqual(content);
      }),
      seeded(150),
    );
  });

  it("[DOC4] a working document comes to the same whatever form it had at each step", () => {
    fc.assert(
      fc.property(writes, writes, (register, edit) => {
        const cheap = workingDocument();
        const live = workingDocument(untouched());
        const relayed = workingDocument();
        const relayedLive = workingDocument(untouched());
        for (const made of [register, edit]) {
          const change = cheap.edit(HEAD, made);
          expect(live.edit(HEAD, made)).toEqual(change);
          relayed.receive(decodeChange(change.bytes, change.hash));
          relayedLive.receive(decodeChange(change.bytes, change.hash));
          for (const document of [live, relayed, relayedLive]) {
            expect(contentOf(document.state())).toEqual(contentOf(cheap.state()));
            expect(document.heads()).toEqual(cheap.heads());
          }
        }
        for (const document of [cheap, live, relayed, relayedLive]) document.abandon();
      }),
      seeded(80),
    );
  });

  it("[DOC3] a document of which nothing has taken effect is absent in every form", () => {
    const { change } = edited([{ map: null, key: "region", value: "eu" }]);
    const author = LiveDocument.from(PLAYER_FIRST_CHANGE, ACTOR, [change.bytes]);
    const later = author.edit(HEAD, [{ map: null, key: "region", value: "us" }]);
    author.free();
    const waiting = workingDocument();
    waiting.receive(decodeChange(later.bytes, later.hash));
    for (const document of [workingDocument(), workingDocument(untouched()), waiting]) {
      expect(document.state()).toBeUndefined();
      expect(document.heads()).toEqual([]);
      document.abandon();
    }
  });

  it("[UNK1] what a newer or faulty server might send reads the same decoded and live, or is refused", () => {
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(anyOperation, { minLength: 1, maxLength: 5 }), anyHead, (operations, head) => {
        const change = encoded(operations, head);
        if (!change) return;
        const content = decodedContent(change);
        let live: Content;
        try {
          live = liveContent([change]);
        } catch (error) {
          expect(error).toBeInstanceOf(UnacceptableChangeError);
          refused++;
        }
        if (content) read++;
        if (content) expect(live).toEqual(content);
      }),
      seeded(500),
    );
    expect(read, "some are as simple as what this version writes").toBeGreaterThan(20);
    expect(refused, "some are beyond repair").toBeGreaterThan(20);
  });
});

const OBJECTS = ["_root", `3@${"0".repeat(32)}`, `4@${"0".repeat(32)}`];
const OBJECT_UNKNOWN = `77@${ACTOR}`;

const pred = fc.oneof(
  { weight: 9, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constantFrom([`1@${"0".repeat(32)}`], [`3@${"0".repeat(32)}`]) },
);
const obj = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...OBJECTS) },
  { weight: 1, arbitrary: fc.constant(OBJECT_UNKNOWN) },
);
const key = fc.constantFrom("a", "b", "c", "d", "kind", "metadata", "__proto__", "constructor");

const anyOperation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      action: fc.constant("set"),
      obj,
      key,
      pred,
      value: fc.constantFrom("x", true, null),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      action: fc.constant("set"),
      obj,
      key,
      pred,
      value: fc.nat(9),
      datatype: fc.constantFrom("int", "uint", "float64", "counter", "timestamp"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constantFrom("makeMap", "makeText", "makeList", "del"),
      obj,
      key,
      pred,
    }),
  },
);

const anyHead = fc.record({
  actor: fc.oneof(
    { weight: 9, arbitrary: fc.constant(ACTOR) },
    { weight: 1, arbitrary: fc.constant("0".repeat(32)) },
  ),
  seq: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  deps: fc.oneof(
    { weight: 9, arbitrary: fc.constant([PLAYER_FIRST_CHANGE.hash]) },
    { weight: 1, arbitrary: fc.constantFrom([], ["ff".repeat(32)]) },
  ),
});

const START_OP = startOpOntoFirst(PLAYER_FIRST_CHANGE.shape);

/** Undefined for what not even Automerge encodes. */
function encoded(operations: readonly object[], head: object): EncodedChange | undefined {
  const raw = { ...head, author: null, startOp: START_OP, time: 0, message: null, ops: operations };
  try {
    const bytes = encodeChange(raw as Parameters<typeof encodeChange>[0]);
    return { bytes, hash: changeHash(bytes) };
  } catch {
    return undefined;
  }
}
