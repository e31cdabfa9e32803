import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeChange, LiveDocument } from "../../../crdt/automerge.ts";
import { type ClaimGroup, claimKeyText, claimsOf, regroup } from "../../../crdt/claim.ts";
import { claimConflict } from "../../../crdt/claim-conflicts.ts";
import { canonicalConflict } from "../../../crdt/conflict.ts";
import { fieldConflicts } from "../../../crdt/field-conflicts.ts";
import { canonicalPlayer, PLAYER_FIRST_CHANGE, projectPlayer } from "../../../crdt/player.ts";
import { digestHex, emptyDigest, memberDigest, toggle } from "../../../crdt/set-digest.ts";
import { OutcomeUnknownError } from "../../../src/storage/errors.ts";
import { eventually } from "../../support/eventually.ts";
import { idOf, originOf } from "../../support/log-fixtures.ts";
import {
  AUTHOR,
  changeEntry,
  deliver,
  setText,
  startTestServer,
  type TestServer,
} from "../../support/test-server.ts";

/** From all stored changes, with nothing of what the registry keeps up to date. */
function digestFromScratch({ disk }: TestServer): {
  documents: number;
  headsDigest: string;
  stateDigest: string;
} {
  const headsDigest = emptyDigest();
  const stateDigest = emptyDigest();
  const groups = new Map<string, ClaimGroup>();
  let documents = 0;
  for (const [id, changes] of disk.changes) {
    const live = LiveDocument.from(
      PLAYER_FIRST_CHANGE,
      originOf(0),
      changes.map(({ bytes }) => bytes),
    );
    const heads = live.heads();
    if (heads[0] !== PLAYER_FIRST_CHANGE.hash) {
      documents++;
      const player = projectPlayer(id, live.state());
      const decoded = changes.map(({ bytes, hash }) => decodeChange(bytes, hash));
      const conflicts = fieldConflicts(id, PLAYER_FIRST_CHANGE, decoded).map(canonicalConflict);
      const conflictsHex = conflicts.length > 0 ? ` ${digestHex(memberDigest(conflicts.join("\n")))}` : "";
      toggle(headsDigest, memberDigest(`${id} ${heads.join(" ")}`));
      toggle(stateDigest, memberDigest(`${canonicalPlayer(player)}${conflictsHex}`));
      for (const { kind, key, claim } of claimsOf(player, id)) {
        const text = claimKeyText(kind, key);
        groups.set(text, regroup(groups.get(text) ?? { kind, key, claims: [] }, id, claim));
      }
    }
    live.free();
  }
  for (const group of groups.values()) {
    const conflict = claimConflict(group);
    if (conflict) toggle(stateDigest, memberDigest(canonicalConflict(conflict)));
  }
  return { documents, headsDigest: digestHex(headsDigest), stateDigest: digestHex(stateDigest) };
}

/** Each run takes some 50 ms. */
const RUNS = 40;
const TIMEOUT_MS = 30_000;

const server = fc.nat({ max: 2 });
const identity = fc.nat({ max: 3 }).map((subject) => ({ provider: "steam", subject: String(subject) }));
const text = fc.constantFrom("a", "b", null);
const action = fc.oneof(
  fc.record({ type: fc.constant("register" as const), server, identity, region: text }),
  fc.record({ type: fc.constant("edit" as const), server, player: fc.nat({ max: 9 }), region: text }),
  fc.record({
    type: fc.constant("deliver" as const),
    server,
    to: server,
    origin: fc.nat({ max: 3 }),
    count: fc.nat({ max: 4 }),
  }),
  fc.record({ type: fc.constant("fault" as const), server, identity, stored: fc.boolean() }),
);

/** Changes of a fourth origin: good, contradicting one another, and not to be stored. */
const STRANGER = originOf(0xff);
const STRANGERS = ["x", "y", "\u0000", "z"].map((name, index) =>
  changeEntry({ sequence: index + 1, documentId: idOf(index >> 1), origin: STRANGER }, [
    setText("displayName", name),
  ]),
);

describe("the digest", () => {
  it(
    "kept up to date with each batch is that of all documents, whatever happened; equal logs, equal digests",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
          const servers = await Promise.all([1, 2, 3].map((number) => startTestServer({ number })));
          const [first] = servers as [TestServer, ...TestServer[]];
          await first.registry.receive(STRANGERS);
          for (const step of actions) {
            const acting = servers[step.server] ?? first;
            const { registry } = acting;
            switch (step.type) {
              case "register":
                await registry.players.register(
                  { identity: step.identity, fields: { region: step.region } },
                  AUTHOR,
                );
                break;
              case "edit": {
                const { items } = await registry.players.list({ limit: 10 });
                const player = items[step.player % (items.length || 1)];
                if (player) await registry.players.edit(player.player.id, { region: step.region }, AUTHOR);
                break;
              }
              case "deliver": {
                const to = servers[step.to] ?? first;
                const origin = [...servers.map((each) => each.origin), STRANGER][step.origin] ?? STRANGER;
                const entries = await acting.entries(origin);
                const from = to.registry.vector.get(origin) ?? 0;
                await to.registry.receive(entries.slice(Math.max(0, from - 1), from + step.count));
                break;
              }
              case "fault": {
                const { stored } = step;
                acting.store.commitFaults.push({ error: new OutcomeUnknownError(), stored });
                await registry.players
                  .register({ identity: step.identity, fields: {} }, AUTHOR)
                  .catch(() => undefined);
                acting.store.commitFaults.length = 0;
                await eventually(() => expect(registry.condition().mode).toBe("open"), { everyMs: 1 });
                break;
              }
            }
            expect(registry.digest()).toMatchObject(digestFromScratch(acting));
          }
          for (const from of servers) for (const to of servers) await deliver(from, to);
          for (const from of servers) for (const to of servers) await deliver(from, to);
          for (const each of servers) {
            expect(each.registry.digest()).toMatchObject(digestFromScratch(each));
            expect(each.registry.digest()).toEqual(first.registry.digest());
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
