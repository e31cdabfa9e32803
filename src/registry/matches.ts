/**
 * What is done to matches on behalf of players and operators: create, join, leave, start, cancel, report, settle.
 * `crdt/match-intents.ts` says what each of them writes.
 */
import { invariant } from "../../crdt/errors.ts";
import { type DocumentId, documentIdOfKey } from "../../crdt/ids.ts";
import type { Match, Ranks } from "../../crdt/match.ts";
import {
  cancelWrites,
  contradictsCreation,
  joinWrites,
  leaveWrites,
  type MatchCreation,
  matchCreationWrites,
  matchFillWrites,
  reportWrites,
  settlementWrites,
  startWrites,
} from "../../crdt/match-intents.ts";
import type { LogStore } from "../storage/log-store.ts";
import { IdempotencyKeyReusedError, MatchNotFoundError, PlayerBannedError } from "./errors.ts";
import type { MatchAges } from "./match-ages.ts";
import type { MatchReads } from "./match-reads.ts";
import { personIdsOf } from "./person-ids.ts";
import type { Players } from "./players.ts";
import type { Decision } from "./task.ts";
import type { JoinedMatch, WrittenMatch } from "./views.ts";
import type { Author, Edit, WriteQueue } from "./write-queue.ts";

export interface MatchesOptions {
  readonly realm: string;
  readonly server: string;
  readonly store: Pick<LogStore, "match" | "mergeGroup">;
  readonly queue: WriteQueue;
  readonly players: Pick<Players, "standing">;
  readonly reads: Pick<MatchReads, "view">;
  readonly ages: Pick<MatchAges, "note">;
  readonly nowMs: () => number;
  readonly newId: () => DocumentId;
}

export interface CreateMatch extends MatchCreation {
  readonly idempotencyKey?: string | undefined;
}

export class Matches {
  readonly #options: MatchesOptions;

  constructor(options: MatchesOptions) {
    this.#options = options;
  }

  /**
   * The host is seated. A key that is known answers with its match as it is (ID2), whatever became of
   * the host since.
   * @throws IdempotencyKeyReusedError where that match was created otherwise
   */
  async create({ idempotencyKey, ...creation }: CreateMatch, author: Author): Promise<WrittenMatch> {
    const { realm, server, ages, nowMs, newId } = this.#options;
    const id = idempotencyKey === undefined ? newId() : documentIdOfKey(realm, "match", idempotencyKey);
    const isThere = idempotencyKey !== undefined && (await this.#isCreated(id));
    const hostId = creation.hostId && !isThere ? await this.#participant(creation.hostId) : creation.hostId;
    const given = { ...creation, hostId };
    const written = await this.#writeOnce(
      {
        documentKind: "match",
        documentId: id,
        expects: idempotencyKey === undefined ? "nothing" : "either",
        decide: (current, { stamp }) => {
          if (current && current.kind !== "match") throw new MatchNotFoundError(id);
          const circumstances = { stamp, wallMs: nowMs(), homeServer: server };
          const writes = current
            ? matchFillWrites(current.match, given, circumstances)
            : matchCreationWrites(given, circumstances);
          if (writes.length > 0) ages.note(id);
          return { reason: "create", writes };
        },
      },
      author,
    );
    // Nothing was written to a match that was there.
    if (!written.created && !(await this.#isCreatedSo(written.match, given))) {
      throw new IdempotencyKeyReusedError();
    }
    return written;
  }

  /**
   * Whoever has a seat, under any id of its merge group, keeps it (CLM4).
   * @throws MatchFullError, MatchNotOpenError, TooManyEntriesError, PlayerBannedError
   */
  async join(id: DocumentId, playerId: DocumentId, author: Author): Promise<JoinedMatch> {
    const participant = await this.#participant(playerId);
    const others = await this.#mergedWith(participant);
    const written = await this.#write(id, author, (match, stamp) => ({
      reason: "join",
      writes: joinWrites(match, participant, stamp, others),
    }));
    const seat = written.match.seats.find((taken) => [participant, ...others].includes(taken.playerId));
    invariant(seat, "who joined a match has a seat in it");
    return { ...written, seat };
  }

  async leave(id: DocumentId, playerId: DocumentId, author: Author): Promise<WrittenMatch> {
    const others = await this.#mergedWith(playerId);
    return this.#write(id, author, (match, stamp) => ({
      reason: "leave",
      writes: leaveWrites(match, playerId, stamp, others),
    }));
  }

  start(id: DocumentId, author: Author): Promise<WrittenMatch> {
    return this.#write(id, author, (match, stamp) => ({
      reason: "start",
      writes: startWrites(match, stamp),
    }));
  }

  cancel(id: DocumentId, author: Author): Promise<WrittenMatch> {
    return this.#write(id, author, (match, stamp) => ({
      reason: "cancel",
      writes: cancelWrites(match, stamp),
    }));
  }

  async report(id: DocumentId, playerId: DocumentId, ranks: Ranks, author: Author): Promise<WrittenMatch> {
    const others = await this.#mergedWith(playerId);
    return this.#write(id, author, (match, stamp) => ({
      reason: "report",
      writes: reportWrites(match, playerId, ranks, stamp, others),
    }));
  }

  /** An operator's word (MAT3). */
  settle(
    id: DocumentId,
    { ranks, reason }: { readonly ranks: Ranks; readonly reason: string },
    author: Author,
  ): Promise<WrittenMatch> {
    const settlement = { id: author.request?.addedId ?? this.#options.newId(), ranks, reason };
    return this.#write(id, author, (match, stamp) => ({
      reason: "settle",
      writes: settlementWrites(match, settlement, stamp),
    }));
  }

  async #isCreatedSo(match: Match, given: MatchCreation): Promise<boolean> {
    if (contradictsCreation(match, given)) return false;
    const { hostId } = given;
    if (!hostId || hostId === match.hostId) return true;
    return match.hostId !== null && (await this.#mergedWith(hostId)).includes(match.hostId);
  }

  /** As `matchFillWrites` takes it: then nothing of what is given is written. */
  async #isCreated(id: DocumentId): Promise<boolean> {
    const stored = await this.#options.store.match(id);
    return stored !== undefined && stored.match.mode !== "";
  }

  /** All that a player was merged with: under any of these ids it may have taken its seat (CLM4). */
  async #mergedWith(playerId: DocumentId): Promise<readonly DocumentId[]> {
    const persons = await personIdsOf(this.#options.store, [playerId]);
    return persons.get(playerId)?.slice(1) ?? [];
  }

  /** A player who may take part, as the one it counts for. */
  async #participant(playerId: DocumentId): Promise<DocumentId> {
    const { survivorId, banned } = await this.#options.players.standing(playerId);
    if (banned) throw new PlayerBannedError(playerId);
    return survivorId;
  }

  #write(
    id: DocumentId,
    author: Author,
    decide: (match: Match, stamp: string) => Decision,
  ): Promise<WrittenMatch> {
    return this.#writeOnce(
      {
        documentKind: "match",
        documentId: id,
        expects: "record",
        decide: (current, { stamp }) => {
          if (current?.kind !== "match") throw new MatchNotFoundError(id);
          return decide(current.match, stamp);
        },
      },
      author,
    );
  }

  async #writeOnce(edit: Edit, author: Author): Promise<WrittenMatch> {
    const { record, heads, position, created } = await this.#options.queue.edit(edit, author);
    invariant(record.kind === "match", "a match was written");
    const view = await this.#options.reads.view({ match: record.match, heads });
    return { ...view, position, created };
  }
}
