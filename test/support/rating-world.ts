/** A store whose matches and merges change, a folder on it, and what it should come to by a fold from the start. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import {
  canonicalRating,
  FIRST_SKILL,
  participantsOf,
  rateMatch,
  ratingOf,
  type Skill,
} from "../../crdt/rating.ts";
import { digestHex, emptyDigest, memberDigest, toggle } from "../../crdt/set-digest.ts";
import { RatingFolder } from "../../src/registry/rating-folder.ts";
import { FOLD_LIMITS, type FoldLimits } from "../../src/registry/rating-walk.ts";
import type { Batch, LogStore } from "../../src/storage/log-store.ts";
import type {
  Leader,
  LeaderboardCursor,
  RatingMark,
  RatingStore,
  RatingUpdate,
} from "../../src/storage/rating-store.ts";
import {
  batchOf,
  idOf,
  matchesOf,
  matchOf,
  playerOf,
  playerRowOf,
  playersOf,
  seatOf,
} from "./log-fixtures.ts";

const MATCHES_FROM = 1_000;

/** Match `number` of players by number with their ranks, finished at a time in milliseconds. */
export function settledMatch(
  number: number,
  {
    mode = "duel",
    at = number,
    ranks,
  }: { mode?: string; at?: number; ranks: Readonly<Record<number, number>> },
): Match {
  const numbers = Object.keys(ranks).map(Number);
  return matchOf(MATCHES_FROM + number, {
    mode,
    state: "finished",
    seats: numbers.map((player) => seatOf(player)),
    finishedAt: `${at.toString(16).padStart(12, "0")}0000`,
    result: {
      status: "settled",
      ranks: Object.fromEntries(numbers.map((player) => [idOf(player), ranks[player] ?? 0])),
    },
  });
}

/** The same match, which does not count any more. */
export function disputed(match: Match): Match {
  return { ...match, result: { status: "disputed", ranks: null } };
}

export class RatingWorld {
  readonly store: LogStore;
  readonly folder: RatingFolder;
  readonly updates: RatingUpdate[] = [];
  readonly trouble: unknown[] = [];
  readonly pauses: number[] = [];
  readonly #matches = new Map<DocumentId, Match>();
  readonly #survivors = new Map<DocumentId, DocumentId>();
  #stateDigest = emptyDigest();

  /** @param folded what the folder sees of the store */
  constructor(
    store: LogStore,
    {
      limits = FOLD_LIMITS,
      folded = store,
    }: { limits?: FoldLimits; folded?: Pick<RatingStore, FolderUses> } = {},
  ) {
    this.store = store;
    this.folder = this.newFolder(folded, limits);
  }

  /** As after a restart, when the former is closed. */
  newFolder(
    store: Pick<RatingStore, FolderUses> = this.store,
    limits: FoldLimits = FOLD_LIMITS,
    commit: (update: RatingUpdate) => Promise<void> = (update) => this.commit(update),
  ): RatingFolder {
    return new RatingFolder({
      store,
      limits,
      commit,
      // Lets all else go on: a store that fails for good would leave it no turn.
      pause: (ms) => {
        this.pauses.push(ms);
        return new Promise((resolve) => setImmediate(resolve));
      },
      onTrouble: (error) => this.trouble.push(error),
    });
  }

  /** As the writer does. */
  async commit(update: RatingUpdate): Promise<void> {
    const stateDigest = Uint8Array.from(this.#stateDigest);
    for (const member of update.toggles) toggle(stateDigest, member);
    await this.#write({ ratings: update }, stateDigest);
    this.#stateDigest = stateDigest;
    this.updates.push(update);
  }

  /** Stores matches with the marks that they lead to; nothing is folded. */
  async put(...matches: readonly Match[]): Promise<void> {
    const ratingMarks = matches.flatMap((match) =>
      [this.#matches.get(match.id), match].flatMap((each) => (each ? markOf(each) : [])),
    );
    for (const match of matches) this.#matches.set(match.id, match);
    await this.#write({ ...matchesOf(matches), ratingMarks });
  }

  /** Makes one player the survivor of another, or of itself again. */
  async merge(player: number, survivor: number): Promise<void> {
    const id = idOf(player);
    this.#survivors.set(id, idOf(survivor));
    const ratingMarks = (await this.store.firstMatches([id])).get(id) ?? [];
    const row = playerRowOf(playerOf(player), { survivorId: idOf(survivor) });
    await this.#write({ ...playersOf([row]), ratingMarks });
  }

  /** Folds all that is marked. */
  async fold(): Promise<void> {
    this.folder.notify();
    await this.folder.idle();
  }

  /** What the store says of a mode, by pages. */
  async board(mode = "duel", limit = 1_000): Promise<Leader[]> {
    const items: Leader[] = [];
    let after: LeaderboardCursor | undefined;
    for (;;) {
      const page = await this.store.leaderboard({ mode, limit, after });
      items.push(...page.items);
      if (!page.next) return items;
      after = page.next;
    }
  }

  /** What the fold from the beginning says. */
  expectedBoard(mode = "duel"): Omit<Leader, "username">[] {
    return [...this.#naiveFold(mode)]
      .map(([playerId, skill]) => ({ playerId, ...scoreOf(skill) }))
      .sort((a, b) => b.rating - a.rating || (a.playerId < b.playerId ? -1 : 1))
      .map((leader, index) => ({ rank: index + 1, ...leader }));
  }

  /** Of the whole state, in which everything but ratings is left out; kept up to date by the updates. */
  get stateDigest(): string {
    return digestHex(this.#stateDigest);
  }

  get expectedStateDigest(): string {
    const digest = emptyDigest();
    for (const mode of new Set([...this.#matches.values()].map((match) => match.mode))) {
      for (const [id, skill] of this.#naiveFold(mode)) {
        toggle(digest, memberDigest(canonicalRating(mode, id, skill)));
      }
    }
    return digestHex(digest);
  }

  #naiveFold(mode: string): Map<DocumentId, Skill> {
    const skills = new Map<DocumentId, Skill>();
    const counted = [...this.#matches.values()]
      .filter((match) => match.mode === mode && match.result.status === "settled")
      .sort((a, b) => (placeText(a) < placeText(b) ? -1 : 1));
    for (const { result } of counted) {
      const ranks = Object.entries(result.ranks ?? {});
      const participants = participantsOf(ranks, (id) => this.#survivors.get(id) ?? id);
      for (const [id, skill] of rateMatch(participants, (each) => skills.get(each) ?? FIRST_SKILL)) {
        skills.set(id, skill);
      }
    }
    return skills;
  }

  async #write(fields: Partial<Batch>, stateDigest = this.#stateDigest): Promise<void> {
    const { totals } = batchOf({});
    await this.store.commit(batchOf({ ...fields, totals: { ...totals, stateDigest } }));
  }
}

type FolderUses = "markedModes" | "openFold" | "sweep";

export function withoutName({ username, ...leader }: Leader): Omit<Leader, "username"> {
  return leader;
}

function markOf({ id, mode, finishedAt, result }: Match): RatingMark[] {
  if (finishedAt === null || result.status !== "settled") return [];
  return [{ mode, finishedAt, matchId: id }];
}

function placeText({ finishedAt, id }: Match): string {
  return `${finishedAt} ${id}`;
}

function scoreOf(skill: Skill): Omit<Leader, "rank" | "playerId" | "username"> {
  const { matches, wins, losses, draws } = skill;
  return { rating: ratingOf(skill), matches, wins, losses, draws };
}
