/** A fold's view of the store in memory: copies, made when it is opened. */
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
import type { Skill } from "../../../crdt/rating.ts";
import {
  type BoardChanges,
  comparePlaces,
  type FoldPage,
  type FoldStep,
  type RatingFold,
  type RatingPlace,
} from "../rating-store.ts";
import { MemoryBoard, type RatingDisk } from "./memory-board.ts";

export interface MemoryFoldStart
  extends Pick<RatingFold, "mode" | "from" | "version" | "revision" | "board"> {
  /** Those of the mode that count. */
  readonly matches: readonly Match[];
  readonly survivors: ReadonlyMap<DocumentId, DocumentId>;
  readonly disk: RatingDisk;
}

export class MemoryRatingFold implements RatingFold {
  readonly mode: string;
  readonly from: RatingPlace;
  readonly version: number;
  readonly revision: number;
  readonly board: number;
  readonly #start: MemoryFoldStart;
  readonly #before: MemoryBoard;
  readonly #steps: readonly FoldStep[];

  constructor(start: MemoryFoldStart) {
    this.mode = start.mode;
    this.from = start.from;
    this.version = start.version;
    this.revision = start.revision;
    this.board = start.board;
    this.#start = start;
    this.#before = start.disk.boards.get(start.board)?.copyBefore(undefined) ?? new MemoryBoard();
    this.#steps = stepsOf(start.matches, this.#before).filter(
      ({ place }) => comparePlaces(place, start.from) >= 0,
    );
  }

  async page(after: RatingPlace | undefined, matchesMax: number): Promise<FoldPage> {
    const rest = after ? this.#steps.filter(({ place }) => comparePlaces(place, after) > 0) : this.#steps;
    const steps = rest.slice(0, matchesMax);
    return { steps, next: steps.length < rest.length ? (steps.at(-1)?.place ?? null) : null };
  }

  async survivors(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>> {
    return new Map(
      ids.flatMap((id) => {
        const survivorId = this.#start.survivors.get(id) ?? id;
        return survivorId === id ? [] : [[id, survivorId] as const];
      }),
    );
  }

  async skillsBefore(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>> {
    const wanted = new Set(ids);
    const found = new Map<DocumentId, Skill>();
    for (const { place, skills } of this.#before.matches) {
      if (comparePlaces(place, this.from) >= 0) break;
      for (const [id, skill] of skills) if (wanted.has(id)) found.set(id, skill);
    }
    return found;
  }

  async leaders(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>> {
    return new Map(
      ids.flatMap((id) => {
        const skill = this.#before.leaders.get(id);
        return skill ? [[id, skill] as const] : [];
      }),
    );
  }

  async copyBoard(): Promise<number> {
    const { disk } = this.#start;
    const board = ++disk.lastBoard;
    disk.boards.set(board, this.#before.copyBefore(this.from));
    return board;
  }

  async writeSpare(board: number, changes: BoardChanges): Promise<void> {
    this.#start.disk.boards.get(board)?.apply(changes);
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}

/** One step for each place that has a match or skills. */
function stepsOf(matches: readonly Match[], board: MemoryBoard): FoldStep[] {
  const steps = new Map<string, FoldStep>();
  for (const { place, skills } of board.matches) {
    steps.set(`${place.finishedAt} ${place.matchId}`, { place, ranks: null, rated: skills });
  }
  for (const { id, finishedAt, result } of matches) {
    if (finishedAt === null || !result.ranks) continue;
    const key = `${finishedAt} ${id}`;
    const rated = steps.get(key)?.rated ?? new Map<DocumentId, Skill>();
    steps.set(key, { place: { finishedAt, matchId: id }, ranks: Object.entries(result.ranks), rated });
  }
  return [...steps.values()].sort((a, b) => comparePlaces(a.place, b.place));
}
