/**
 * A document at any heads, and what lies between two of them, on random histories of up to three servers: against
 * Automerge's own view of it, by its public functions.
 */
import * as Automerge from "@automerge/automerge";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, documentAt } from "../../crdt/document-at.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { Author } from "../support/author.ts";
import { seeded } from "../support/seeded.ts";

const SLOW_MACHINE_MS = 30_000;
const PATHS = ["region", "displayName", "metadata/level", "metadata/title"];
const AUTHORS = 3;

const at = fc.nat(AUTHORS - 1);
const steps = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant("write" as const),
      at,
      path: fc.constantFrom(...PATHS),
      to: fc.constantFrom<(string | null)[]>("a", "b", null),
    }),
    fc.record({ type: fc.constant("hear" as const), at, from: at }),
  ),
  { minLength: 1, maxLength: 25, size: "max" },
);

type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

function play(played: readonly Step[]) {
  const authors = Array.from({ length: AUTHORS }, (_, index) => new Author(index + 1, PLAYER_FIRST_CHANGE));
  const changes = played.flatMap((step, index) => {
    const author = authors[step.at] as Author;
    if (step.type === "hear") {
      author.hear(authors[step.from] as Author);
      return [];
    }
    const stamp = index.toString(16).padStart(16, "0");
    return author.read(step.path) === step.to ? [] : [author.write(stamp, { [step.path]: step.to })];
  });
  for (const author of authors) author.free();
  return changes;
}

/** Registers by path, as Automerge shows the document at these heads. */
function viewed(document: Automerge.Doc<unknown>, heads: readonly string[]): Record<string, unknown> {
  const shown = Automerge.toJS(Automerge.view(document, [...heads])) as Record<string, unknown>;
  const { kind, schema, metadata, identities, bans, merges, ...root } = shown;
  const entries = Object.entries(metadata as object).map(
    ([key, value]) => [`metadata/${key}`, value] as const,
  );
  const all = [...Object.entries(root), ...entries];
  return Object.fromEntries(all.map(([path, value]) => [path, String(value)]));
}

describe("a document at heads", { timeout: SLOW_MACHINE_MS }, () => {
  it("[HIS4] is what Automerge shows of it there, and differs as two such views do", () => {
    let compared = 0;
    fc.assert(
      fc.property(steps, fc.gen(), (played, choose) => {
        const changes = play(played);
        if (changes.length === 0) return;
        const first = Automerge.init<unknown>();
        const bytes = [PLAYER_FIRST_CHANGE, ...changes].map((change) => change.bytes);
        const [document] = Automerge.applyChanges(first, bytes);
        const hashes = changes.map(({ hash }) => hash);
        const pick = () =>
          choose(() => fc.subarray(hashes, { minLength: 1, maxLength: Math.min(3, hashes.length) }));
        const [from, to] = [pick(), pick()];
        const [was, is] = [viewed(document, from), viewed(document, to)];
        const [one, other] = [from, to].map((heads) => documentAt(PLAYER_FIRST_CHANGE, changes, heads));
        if (!one || !other) throw new RangeError("two of them");
        expect(Object.fromEntries(one)).toEqual(was);
        expect(Object.fromEntries(other)).toEqual(is);
        const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
        const expected = paths
          .filter((path) => was[path] !== is[path])
          .map((path) => ({
            path,
            ...(path in was && { from: was[path] }),
            ...(path in is && { to: is[path] }),
          }));
        expect(differences(one, other)).toEqual(expected);
        compared += expected.length;
      }),
      seeded(150),
    );
    expect(compared).toBeGreaterThan(50);
  });
});
