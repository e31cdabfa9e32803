/**
 * One fold of a mode (RAT1): from the earliest match that was marked on, each match is rated again from the skills
 * that stand before it. What of the board differs is the update.
 *
 * A short walk changes the board in force: its rows go into the transaction that ends it. One that finds more to
 * do begins again on a spare board, written as it goes, and the transaction puts that in force. Either way the
 * walk lets the process go on with other work between portions of some milliseconds.
 */
import type { DocumentId } from "../../crdt/ids.ts";
import {
  canonicalRating,
  FIRST_SKILL,
  participantsOf,
  rateMatch,
  type Skill,
  sameSkill,
} from "../../crdt/rating.ts";
import { type Digest, emptyDigest, memberDigest, toggle } from "../../crdt/set-digest.ts";
import type {
  FoldStep,
  LeaderChange,
  RatedChange,
  RatingFold,
  RatingUpdate,
} from "../storage/rating-store.ts";

export interface FoldLimits {
  /** Matches and players that are read together: some milliseconds of computing. */
  readonly pageMatches: number;
  readonly pageLeaders: number;
  /** What a fold may walk and write to be done in the transaction of a batch: a tenth of a second of writing. */
  readonly shortMatchesMax: number;
  readonly shortRowsMax: number;
}

export const FOLD_LIMITS: FoldLimits = {
  pageMatches: 250,
  pageLeaders: 1_000,
  shortMatchesMax: 2_000,
  shortRowsMax: 10_000,
};

/** A match of two costs 4, one of a hundred 10,000; so many take some 10 ms. */
const COMPARISONS_MAX = 10_000;

/** @throws the signal's reason when it is aborted; StorageError */
export async function foldRatings(
  fold: RatingFold,
  limits: FoldLimits,
  signal: AbortSignal,
): Promise<RatingUpdate> {
  const { mode, version, revision } = fold;
  const short = await foldInPlace(new RatingWalk(fold, limits, signal), fold.board, limits);
  const folded = short ?? (await foldBeside(new RatingWalk(fold, limits, signal), fold));
  return { mode, version, revision, ...folded };
}

type Folded = Omit<RatingUpdate, "mode" | "version" | "revision">;

/** Undefined when it is too long for that. */
async function foldInPlace(walk: RatingWalk, board: number, limits: FoldLimits): Promise<Folded | undefined> {
  const rated: RatedChange[] = [];
  const leaders: LeaderChange[] = [];
  for await (const steps of walk.steps()) {
    rated.push(...steps.flatMap(changesOf));
    if (walk.matches > limits.shortMatchesMax || rated.length > limits.shortRowsMax) return undefined;
  }
  for await (const changes of walk.leaders()) leaders.push(...changes);
  return { board, rated, leaders, toggles: [walk.toggled] };
}

async function foldBeside(walk: RatingWalk, fold: RatingFold): Promise<Folded> {
  const board = await fold.copyBoard();
  for await (const steps of walk.steps()) {
    await fold.writeSpare(board, { rated: steps.flatMap(rowsOf), leaders: [] });
  }
  for await (const leaders of walk.leaders()) await fold.writeSpare(board, { rated: [], leaders });
  return { board, rated: [], leaders: [], toggles: [walk.toggled] };
}

/** A step of the fold with the skills of its participants after it. */
export interface RatedStep extends FoldStep {
  readonly after: ReadonlyMap<DocumentId, Skill>;
}

export class RatingWalk {
  /** Walked so far. */
  matches = 0;
  /** The exclusive or of what leaves and enters the state digest. */
  readonly toggled: Digest = emptyDigest();
  readonly #fold: RatingFold;
  readonly #limits: FoldLimits;
  readonly #signal: AbortSignal;
  /** Of everyone met, after the last step that was walked; null before a player's first match. */
  readonly #skills = new Map<DocumentId, Skill | null>();
  #comparisons = 0;

  constructor(fold: RatingFold, limits: FoldLimits, signal: AbortSignal) {
    this.#fold = fold;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** The steps from the mark to the end of the mode, by pages. */
  async *steps(): AsyncGenerator<RatedStep[]> {
    let after: FoldStep["place"] | undefined;
    for (;;) {
      this.#signal.throwIfAborted();
      const page = await this.#fold.page(after, this.#limits.pageMatches);
      yield await this.#rate(page.steps);
      if (!page.next) return;
      after = page.next;
    }
  }

  /** Once all steps are walked: what of the leaderboard differs, by pages. */
  async *leaders(): AsyncGenerator<LeaderChange[]> {
    const ids = [...this.#skills.keys()];
    for (let at = 0; at < ids.length; at += this.#limits.pageLeaders) {
      this.#signal.throwIfAborted();
      const page = ids.slice(at, at + this.#limits.pageLeaders);
      const before = await this.#fold.leaders(page);
      yield page.flatMap((playerId) => this.#leader(playerId, before.get(playerId) ?? null));
    }
  }

  /** Whether a player takes part in a match that was walked, or did. */
  hasMet(id: DocumentId): boolean {
    return this.#skills.has(id);
  }

  #leader(playerId: DocumentId, before: Skill | null): LeaderChange[] {
    const skill = this.#skills.get(playerId) ?? null;
    if (sameSkill(before, skill)) return [];
    for (const row of [before, skill]) {
      if (row) toggle(this.toggled, memberDigest(canonicalRating(this.#fold.mode, playerId, row)));
    }
    return [{ playerId, skill }];
  }

  async #rate(steps: readonly FoldStep[]): Promise<RatedStep[]> {
    const ranked = new Set(steps.flatMap(({ ranks }) => (ranks ?? []).map(([id]) => id)));
    const survivors = await this.#fold.survivors([...ranked]);
    const survivorOf = (id: DocumentId): DocumentId => survivors.get(id) ?? id;
    const met = [...[...ranked].map(survivorOf), ...steps.flatMap(({ rated }) => [...rated.keys()])];
    await this.#meet(new Set(met));
    const rated: RatedStep[] = [];
    for (const step of steps) {
      const participants = participantsOf(step.ranks ?? [], survivorOf);
      await this.#giveWay(participants.size);
      const after = rateMatch(participants, (id) => this.#skills.get(id) ?? FIRST_SKILL);
      for (const [id, skill] of after) this.#skills.set(id, skill);
      rated.push({ ...step, after });
    }
    this.matches += steps.length;
    return rated;
  }

  async #meet(ids: ReadonlySet<DocumentId>): Promise<void> {
    const unknown = [...ids].filter((id) => !this.#skills.has(id));
    if (unknown.length === 0) return;
    const skills = await this.#fold.skillsBefore(unknown);
    for (const id of unknown) this.#skills.set(id, skills.get(id) ?? null);
  }

  /** Lets others go on when much was computed since the last time. */
  async #giveWay(participants: number): Promise<void> {
    this.#comparisons += participants ** 2;
    if (this.#comparisons < COMPARISONS_MAX) return;
    this.#comparisons = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** All rows of a step. */
function rowsOf({ place, after }: RatedStep): RatedChange[] {
  return [...after].map(([playerId, skill]) => ({ ...place, playerId, skill }));
}

/** What of its rows differs from the board in force. */
export function changesOf(step: RatedStep): RatedChange[] {
  const { place, rated, after } = step;
  const gone = [...rated.keys()].filter((id) => !after.has(id));
  return [
    ...rowsOf(step).filter(({ playerId, skill }) => !sameSkill(rated.get(playerId) ?? null, skill)),
    ...gone.map((playerId) => ({ ...place, playerId, skill: null })),
  ];
}
