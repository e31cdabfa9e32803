/** The members are the same on every server that has the same entries, in whatever order these came. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ENTRY_KIND, type Entry, encodeOriginBegan } from "../../crdt/entry.ts";
import { encodeMemberForgotten } from "../../crdt/membership.ts";
import type { Origin } from "../../crdt/position.ts";
import { entryOf, originOf } from "../support/log-fixtures.ts";
import { seeded } from "../support/seeded.ts";
import { startTestServer } from "../support/test-server.ts";

const NAMES = ["eu-1", "eu-2", "eu-3"];
const INCARNATIONS = 8;

interface Forgetting {
  /** Which incarnation writes it. */
  readonly by: number;
  readonly server: string;
  readonly incarnations: readonly number[];
}

const incarnation = fc.nat(INCARNATIONS - 1);
const forgettings = fc.array(
  fc.record({
    by: incarnation,
    server: fc.constantFrom(...NAMES),
    incarnations: fc.uniqueArray(incarnation, { maxLength: 3 }),
  }),
  { maxLength: 6 },
);
/** Which origin's next entry comes next. */
const order = fc.infiniteStream(incarnation);

const nameOf = (number: number): string => NAMES[number % NAMES.length] ?? "";

function logOf(said: readonly Forgetting[]): Map<Origin, Entry[]> {
  const numbers = Array.from({ length: INCARNATIONS }, (_, number) => number);
  return new Map(
    numbers.map((number) => {
      const origin = originOf(number + 1);
      const began = { kind: ENTRY_KIND.originBegan, body: encodeOriginBegan(nameOf(number)) };
      const facts = said
        .filter(({ by }) => by === number)
        .map(({ server, incarnations }) => {
          const origins = incarnations.map((each) => originOf(each + 1));
          const body = encodeMemberForgotten({ server, origins });
          return { kind: ENTRY_KIND.memberForgotten, body };
        });
      const entries = [began, ...facts].map((fact, at) =>
        entryOf({ origin, sequence: at + 1, documentId: null, hash: null, ...fact }),
      );
      return [origin, entries];
    }),
  );
}

async function membersAfter(
  log: Map<Origin, Entry[]>,
  choices: Iterator<number>,
): Promise<readonly string[]> {
  const { registry } = await startTestServer({ number: 90 });
  const left = new Map([...log].map(([origin, entries]) => [origin, [...entries]]));
  while (left.size > 0) {
    const origins = [...left.keys()];
    const origin = origins[Number(choices.next().value) % origins.length] ?? "";
    const next = left.get(origin)?.shift();
    if (next) await registry.receive([next]);
    else left.delete(origin);
  }
  const members = registry.members();
  await registry.close();
  return members;
}

it("[MBR1] a member has an incarnation that nobody named, in whatever order the entries come", async () => {
  let forgotten = 0;
  await fc.assert(
    fc.asyncProperty(forgettings, order, order, async (said, one, other) => {
      const gone = new Set(said.flatMap(({ incarnations }) => incarnations));
      const numbers = Array.from({ length: INCARNATIONS }, (_, number) => number);
      const expected = [...new Set(numbers.filter((number) => !gone.has(number)).map(nameOf))].sort();
      if (expected.length < NAMES.length) forgotten++;
      const log = logOf(said);
      expect(await membersAfter(log, one)).toEqual(expected);
      expect(await membersAfter(log, other)).toEqual(expected);
    }),
    seeded(100),
  );
  expect(forgotten, "somebody must have been forgotten").toBeGreaterThan(10);
});
