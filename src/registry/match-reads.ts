/**
 * Matches as this server sees them at this moment: one by one, in lists, and those of a player. To what the document
 * says come where the host is (PRS1) and for whom the result counts (CLM4).
 */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match, MatchState } from "../../crdt/match.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { MatchCursor, MatchPage, StoredMatch } from "../storage/record-queries.ts";
import { MatchNotFoundError } from "./errors.ts";
import type { MatchAges } from "./match-ages.ts";
import { personIdsOf } from "./person-ids.ts";
import type { Players } from "./players.ts";
import type { PresenceSource } from "./presence-source.ts";
import type { MatchView } from "./views.ts";

export interface MatchReadsOptions {
  readonly store: LogStore;
  readonly players: Pick<Players, "standing">;
  readonly presence: PresenceSource;
  readonly ages: Pick<MatchAges, "heldForUpTo">;
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

export class MatchReads {
  readonly #options: MatchReadsOptions;

  constructor(options: MatchReadsOptions) {
    this.#options = options;
  }

  /** @throws MatchNotFoundError */
  async read(id: DocumentId): Promise<MatchView> {
    const stored = await this.#options.store.match(id);
    if (!stored) throw new MatchNotFoundError(id);
    return this.view(stored);
  }

  /**
   * Open matches whose host is silent are left out (MAT4). Until this server has listened for a lease it cannot tell
   * who is.
   */
  async list(query: MatchListQuery): Promise<MatchList> {
    const { store, presence, ages } = this.#options;
    const newIds = ages.heldForUpTo(presence.leaseMs);
    const heard = newIds && { newIds, hosts: presence.present() };
    return this.#page(await store.matches({ ...query, heard }));
  }

  /** Those of a player and of everyone it was merged with. @throws PlayerNotFoundError, PlayerErasedError */
  async ofPlayer(
    id: DocumentId,
    page: { readonly limit: number; readonly after?: MatchCursor | undefined },
  ): Promise<MatchList> {
    const { store, players } = this.#options;
    const { survivorId } = await players.standing(id);
    const persons = await personIdsOf(store, [survivorId]);
    return this.#page(await store.matchesOf({ playerIds: persons.get(survivorId) ?? [], ...page }));
  }

  async view(stored: StoredMatch): Promise<MatchView> {
    const [view] = await this.#views([stored]);
    return view as MatchView;
  }

  async #page({ items, next }: MatchPage): Promise<MatchList> {
    return { items: await this.#views(items), next };
  }

  async #views(items: readonly StoredMatch[]): Promise<MatchView[]> {
    const matches = items.map(({ match }) => match);
    const ranked = [...new Set(matches.flatMap(rankedIn))];
    const [survivors, hosts] = await Promise.all([
      ranked.length === 0 ? new Map<DocumentId, DocumentId>() : this.#options.store.survivorsOf(ranked),
      this.#hostsOf(matches),
    ]);
    return items.map(({ match, heads }) => {
      const ratedAs: Record<DocumentId, DocumentId> = {};
      for (const id of rankedIn(match)) {
        const survivorId = survivors.get(id);
        if (survivorId !== undefined && survivorId !== id) ratedAs[id] = survivorId;
      }
      return { match, heads, address: this.#addressOf(match, hosts), ratedAs };
    });
  }

  /** Whom the hosts were merged with: asked of matches not yet over whose host says nothing of them itself. */
  #hostsOf(matches: readonly Match[]): ReturnType<typeof personIdsOf> {
    const { store, presence } = this.#options;
    const unsaid = matches.flatMap(({ id, hostId, state }) => {
      const isUnderWay = state === "open" || state === "running";
      return hostId !== null && isUnderWay && presence.of(hostId)?.matchId !== id ? [hostId] : [];
    });
    return personIdsOf(store, unsaid);
  }

  #addressOf(
    { id, hostId, address }: Match,
    hosts: ReadonlyMap<DocumentId, readonly DocumentId[]>,
  ): string | null {
    if (hostId === null) return address;
    const said = (hosts.get(hostId) ?? [hostId]).map((playerId) => this.#options.presence.of(playerId));
    return said.find((presence) => presence?.matchId === id && presence.address !== null)?.address ?? address;
  }
}

/** Those whom a settled result ranks, seated or not (MAT3); nobody while it is not settled. */
function rankedIn({ result }: Match): readonly DocumentId[] {
  return result.ranks ? Object.keys(result.ranks) : [];
}
