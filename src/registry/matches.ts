/** What can be done with matches: create, join, leave, start, cancel, report, settle, expire; read and list them. */
import { invariant } from "../../crdt/errors.ts";
import { type DocumentId, documentIdOfKey } from "../../crdt/ids.ts";
import type { Match, MatchState, Ranks } from "../../crdt/match.ts";
import {
  cancelWrites,
  expireWrites,
  joinWrites,
  leaveWrites,
  type MatchCreation,
  matchCreationWrites,
  matchFillWrites,
  reportWrites,
  settlementWrites,
  startWrites,
} from "../../crdt/match-intents.ts";
import type { Presence } from "../gossip/presence-board.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { MatchCursor, StoredMatch } from "../storage/record-queries.ts";
import { MatchNotFoundError, PlayerBannedError } from "./errors.ts";
import type { Players } from "./players.ts";
import type { Decision } from "./task.ts";
import type { JoinedMatch, MatchView, WrittenMatch } from "./views.ts";
import type { Author, Edit, WriteQueue } from "./write-queue.ts";

/** Who is there now (MAT4): what gossip hears of players. */
export interface PresenceSource {
  of(playerId: DocumentId): Presence | undefined;
  /** The players that are there. */
  present(): readonly DocumentId[];
  /** How long ago a player gave a sign, or this process began to listen; milliseconds. */
  silentForMs(playerId: DocumentId): number;
  readonly leaseMs: number;
}

export interface MatchesOptions {
  readonly realm: string;
  readonly server: string;
  readonly store: LogStore;
  readonly queue: WriteQueue;
  readonly players: Pick<Players, "standing">;
  readonly presence: PresenceSource;
  readonly nowMs: () => number;
  readonly newId: () => DocumentId;
}

export interface CreateMatch extends MatchCreation {
  readonly idempotencyKey?: string | undefined;
}

export interface MatchListQuery {
  readonly state?: MatchState | undefined;
  readonly mode?: string | undefined;
  readonly region?: string | undefined;
  readonly limit: number;
  readonly after?: MatchCursor | undefined;
}

export interface MatchList {
  readonly items: readonly MatchView[];
  readonly next: MatchCursor | null;
}

/** Open matches that are looked at in one sweep. */
const SWEEP_MAX = 100;

export class Matches {
  readonly #options: MatchesOptions;

  constructor(options: MatchesOptions) {
    this.#options = options;
  }

  /** The host is seated. A key that is known answers with its match as it is (ID2). */
  async create({ idempotencyKey, ...creation }: CreateMatch, author: Author): Promise<WrittenMatch> {
    const { realm, server, newId } = this.#options;
    const id = idempotencyKey === undefined ? newId() : documentIdOfKey(realm, "match", idempotencyKey);
    const hostId = creation.hostId ? await this.#participant(creation.hostId) : null;
    const given = { ...creation, hostId };
    return this.#writeOnce(
      {
        documentKind: "match",
        documentId: id,
        expects: idempotencyKey === undefined ? "nothing" : "either",
        decide: (current, { stamp }) => {
          if (current && current.kind !== "match") throw new MatchNotFoundError(id);
          const circumstances = { stamp, homeServer: server };
          const writes = current
            ? matchFillWrites(current.match, given, circumstances)
            : matchCreationWrites(given, circumstances);
          return { reason: "create", writes };
        },
      },
      author,
    );
  }

  /** @throws MatchNotFoundError */
  async read(id: DocumentId): Promise<MatchView> {
    const stored = await this.#options.store.match(id);
    if (!stored) throw new MatchNotFoundError(id);
    return this.#view(stored);
  }

  /** Open matches whose host is silent are left out (MAT4). */
  async list(query: MatchListQuery): Promise<MatchList> {
    const { store, presence, nowMs } = this.#options;
    const heard = { sinceMs: nowMs() - presence.leaseMs, hosts: presence.present() };
    return this.#views(await store.matches({ ...query, heard }));
  }

  /** Those of a player and of everyone it was merged with. */
  async ofPlayer(
    id: DocumentId,
    page: { readonly limit: number; readonly after?: MatchCursor | undefined },
  ): Promise<MatchList> {
    const { store, players } = this.#options;
    const { survivorId } = await players.standing(id);
    const group = await store.mergeGroup([survivorId]);
    const playerIds = group.map(({ player }) => player.id);
    return this.#views(await store.matchesOf({ playerIds, ...page }));
  }

  /**
   * Whoever has a seat, under any id of its merge group, keeps it (CLM4).
   * @throws MatchFullError, MatchNotOpenError, PlayerBannedError
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
    const settlement = { id: this.#options.newId(), ranks, reason };
    return this.#write(id, author, (match, stamp) => ({
      reason: "settle",
      writes: settlementWrites(match, settlement, stamp),
    }));
  }

  /**
   * Expires open matches whose host was silent for longer than its lease, those of other servers after twice the
   * lease (MAT4). Resolves with how many; to be called every few seconds.
   */
  async expireSilent(author: Author): Promise<number> {
    const { store, presence, nowMs, server } = this.#options;
    const sweptAtMs = nowMs();
    let expired = 0;
    let after: MatchCursor | undefined;
    do {
      const page = await store.matches({ state: "open", limit: SWEEP_MAX, after });
      for (const { match } of page.items) {
        const leaseMs = match.homeServer === server ? presence.leaseMs : 2 * presence.leaseMs;
        if (silentMs(match, presence, sweptAtMs) <= leaseMs) continue;
        const { match: now } = await this.#write(match.id, author, (current, stamp) => ({
          reason: "expire",
          writes: expireWrites(current, stamp),
        }));
        if (now.state === "expired") expired++;
      }
      after = page.next ?? undefined;
    } while (after);
    return expired;
  }

  /** All that a player was merged with: under any of these ids it may have taken its seat (CLM4). */
  async #mergedWith(playerId: DocumentId): Promise<readonly DocumentId[]> {
    const group = await this.#options.store.mergeGroup([playerId]);
    return group.map(({ player }) => player.id).filter((id) => id !== playerId);
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
    return { ...(await this.#view({ match: record.match, heads })), position, created };
  }

  async #views({
    items,
    next,
  }: {
    items: readonly StoredMatch[];
    next: MatchCursor | null;
  }): Promise<MatchList> {
    const survivors = await this.#survivors(items.flatMap(({ match }) => participants(match)));
    return { items: items.map((stored) => this.#viewOf(stored, survivors)), next };
  }

  async #view(stored: StoredMatch): Promise<MatchView> {
    return this.#viewOf(stored, await this.#survivors(participants(stored.match)));
  }

  #viewOf({ match, heads }: StoredMatch, survivors: ReadonlyMap<DocumentId, DocumentId>): MatchView {
    const { presence } = this.#options;
    const said = match.hostId === null ? undefined : presence.of(match.hostId);
    const address = (said?.matchId === match.id ? said.address : null) ?? match.address;
    const ratedAs: Record<DocumentId, DocumentId> = {};
    for (const id of participants(match)) {
      const survivorId = survivors.get(id);
      if (survivorId !== undefined && survivorId !== id) ratedAs[id] = survivorId;
    }
    return { match, heads, address, ratedAs };
  }

  async #survivors(ids: readonly DocumentId[]): Promise<ReadonlyMap<DocumentId, DocumentId>> {
    return ids.length === 0 ? new Map() : this.#options.store.survivorsOf([...new Set(ids)]);
  }
}

/** Those whom a settled result ranks, seated or not (MAT3); nobody while it is not settled. */
function participants(match: Match): readonly DocumentId[] {
  return match.result.ranks ? Object.keys(match.result.ranks) : [];
}

/** The host is heard by its presence, and by having created the match. Without a host, nobody is silent. */
function silentMs({ hostId, createdAtMs }: Match, presence: PresenceSource, nowMs: number): number {
  return hostId === null ? 0 : Math.min(nowMs - createdAtMs, presence.silentForMs(hostId));
}
