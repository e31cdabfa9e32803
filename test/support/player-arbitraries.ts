/** Players as properties make them up: few names and keys, so that writes meet. */
import fc from "fast-check";
import type { Scalar } from "../../crdt/document.ts";
import type { Identity } from "../../crdt/ids.ts";
import type { PlayerPatch, Registration } from "../../crdt/player-intents.ts";

/** All of Unicode but halves of surrogate pairs, U+0000 included. fast-check's own takes a second to be made. */
export const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint));

/** Any text that Automerge can hold. */
export const anyText = fc.string({ unit: anyCharacter, maxLength: 12 });

export const anyScalar: fc.Arbitrary<Scalar> = fc.oneof(
  anyText,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 0.1 + 0.2, 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 53, 1e300, 5e-324),
);

/** Keys with which objects of JavaScript have trouble among them. */
export const anyKey = fc.oneof(
  fc.constantFrom("level", "clan", "__proto__", "constructor", "toString", "", "0", "metadata", "username"),
  anyText,
);

const name = fc.constantFrom("ada", "grace", "ﷺ", "Zoë", "李", "x y");
const label = fc.constantFrom("eu", "us", "asia");
const key = fc.constantFrom("level", "clan", "title", "constructor");

function withNull<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { nil: null, freq: 4 });
}

/** Absent, null or a value, each field by itself. */
export const patches: fc.Arbitrary<PlayerPatch> = fc.record(
  {
    username: withNull(name),
    displayName: withNull(name),
    region: withNull(label),
    platform: withNull(label),
    metadata: withNull(fc.dictionary(key, withNull(anyScalar), { maxKeys: 3 })),
  },
  { requiredKeys: [] },
);

/** Few, so that they are linked twice, and taken away. */
export const identities: fc.Arbitrary<Identity> = fc.record({
  provider: fc.constantFrom("steam", "psn"),
  subject: fc.constantFrom("7", "8:9"),
});

/** All with one identity of few, with which the same player is registered at several servers. */
export const registrations: fc.Arbitrary<Registration> = fc.record({
  fields: fc.record(
    {
      username: name,
      displayName: name,
      region: label,
      platform: label,
      metadata: fc.dictionary(key, anyScalar, { maxKeys: 3 }),
    },
    { requiredKeys: [] },
  ),
  identity: fc.option(identities, { nil: undefined }),
});
