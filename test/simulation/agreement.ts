/** What a server shows of everything, to be compared with what the others show. */
import { RollcallError } from "../../crdt/errors.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { type Known, MODES } from "./intents.ts";

/** More of anything than a run makes. */
const ALL = 10_000;

/** All of it is a matter of the documents: no server's own view, and no wall clock, is in it. */
export async function shownBy(registry: Registry, { players, matches }: Known) {
  const { headsDigest, stateDigest } = registry.digest();
  return {
    headsDigest,
    stateDigest,
    players: await answers(players, async (id) => {
      const { player, handle, status, identities } = await registry.players.read(id, { whole: true });
      return { player, handle, status, identities, ratings: await registry.boards.ratingsOf(id) };
    }),
    matches: await answers(matches, async (id) => {
      const { match, ratedAs } = await registry.matchReads.read(id);
      return { match, ratedAs };
    }),
    conflicts: (await registry.conflicts({ limit: ALL })).items,
    leaderboards: await answers(
      MODES,
      async (mode) => (await registry.boards.leaderboard({ mode, limit: ALL })).items,
    ),
  };
}

export type Shown = Awaited<ReturnType<typeof shownBy>>;

/** By id what is answered, or the code of the refusal. */
async function answers<Answer>(
  ids: Iterable<DocumentId>,
  ask: (id: DocumentId) => Promise<Answer>,
): Promise<Record<DocumentId, Answer | { readonly refused: string }>> {
  const found: Record<DocumentId, Answer | { readonly refused: string }> = {};
  for (const id of ids) {
    try {
      found[id] = await ask(id);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      found[id] = { refused: error.code };
    }
  }
  return found;
}
