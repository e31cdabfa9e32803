/** What can be done with players: register, edit, link, ban, merge, erase; read and list them. */
import type { Ban } from "../../crdt/bans.ts";
import type { ClaimKey } from "../../crdt/claim.ts";
import { invariant } from "../../crdt/errors.ts";
import { type DocumentId, documentIdOfKey, type Identity, playerIdOfIdentity } from "../../crdt/ids.ts";
import { identityKey } from "../../crdt/player.ts";
import { IdentityTakenError, MergeIntoItselfError, PlayerErasedError } from "../../crdt/player-errors.ts";
import {
  banWrites,
  editWrites,
  fillWrites,
  liftBanWrites,
  linkIdentityWrites,
  mergeWrites,
  type PlayerPatch,
  type Registration,
  registrationWrites,
  unlinkIdentityWrites,
} from "../../crdt/player-intents.ts";
import type { Position } from "../../crdt/position.ts";
import { NothingToRestoreError, type Restoration, restoringPatch } from "../../crdt/restore.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { PlayerCursor, PlayerQuery } from "../storage/record-queries.ts";
import type { DocumentHistories } from "./document-histories.ts";
import { IdentityGivenUpError, PlayerNotFoundError, PreconditionFailedError } from "./errors.ts";
import { requireMetadataRoom } from "./metadata-limit.ts";
import { givingUp } from "./name-handover.ts";
import { personIdsOf } from "./person-ids.ts";
import { identityClaim, isLinked, nameKey, requireFreeName } from "./player-claims.ts";
import { exportPlayer, type PlayerExport } from "./player-export.ts";
import type { PlayerViews } from "./player-views.ts";
import { editOf, MergedIntoError, PlayerWriter, requireStored, requireSurvivor } from "./player-writer.ts";
import type { Decision } from "./task.ts";
import type { PlayerView, WrittenPlayer } from "./views.ts";
import type { Author, Edit, WriteQueue } from "./write-queue.ts";

export interface PlayersOptions {
  readonly realm: string;
  readonly server: string;
  readonly store: LogStore;
  readonly queue: WriteQueue;
  readonly views: PlayerViews;
  readonly histories: Pick<DocumentHistories, "historyOf">;
  readonly nowMs: () => number;
  /** A new random id, of a player without identity or key, or of a ban. */
  readonly newId: () => DocumentId;
}

export interface RegisterPlayer extends Registration {
  /** Used for the id when there is no identity (ID2). */
  readonly idempotencyKey?: string | undefined;
  /** Whether an identity that its player gave up may be linked to it again. */
  readonly relinks?: boolean;
}

export class Players {
  readonly #options: PlayersOptions;
  readonly #writer: PlayerWriter;

  constructor(options: PlayersOptions) {
    this.#options = options;
    this.#writer = new PlayerWriter(options.store, options.queue, options.views);
  }

  /**
   * A player new or known: an identity or key that is known has its unset fields filled (ID1, ID2).
   * @throws NameTakenError, MetadataFullError, PlayerErasedError, IdentityGivenUpError
   */
  async register(registration: RegisterPlayer, author: Author): Promise<WrittenPlayer> {
    const { realm, newId, server, store } = this.#options;
    const { identity, idempotencyKey, fields, relinks = true } = registration;
    const derived = identity
      ? playerIdOfIdentity(realm, identity)
      : idempotencyKey === undefined
        ? undefined
        : documentIdOfKey(realm, "player", idempotencyKey);
    const id = derived ?? newId();
    const claims = [...nameKey(fields.username), ...(identity ? [identityClaim(identity)] : [])];
    const edit = (target: DocumentId): Edit => ({
      documentKind: "player",
      documentId: target,
      expects: derived === undefined ? "nothing" : "either",
      claims,
      decide: (current, circumstances) => {
        const player = current?.kind === "player" ? current.player : undefined;
        if (current && !player) throw new PlayerNotFoundError(target);
        if (player) requireSurvivor(circumstances, target);
        if (identity) {
          const owner = circumstances.ownerOf(identityClaim(identity));
          if (owner !== undefined && owner !== target) throw new MergedIntoError(owner);
          const isGivenUp = player && owner === undefined && !isLinked(player, identity);
          if (isGivenUp && !relinks) throw new IdentityGivenUpError();
        }
        if (!player && target !== id) throw new PlayerNotFoundError(target);
        const { stamp } = circumstances;
        const writes = player
          ? requireMetadataRoom(player, fillWrites(player, registration, stamp))
          : registrationWrites(registration, { stamp, homeServer: server });
        return requireFreeName({ reason: "register", writes }, fields.username, target, circumstances);
      },
    });
    try {
      return await this.#writer.writeToSurvivor(id, author, edit);
    } catch (error) {
      // Who was erased is not who has linked the identity since.
      if (!(error instanceof PlayerErasedError && identity)) throw error;
      const owner = await store.ownerOfIdentity(identityKey(identity));
      if (owner === undefined) throw error;
      return await this.#writer.writeToSurvivor(owner, author, edit);
    }
  }

  /** @throws PlayerNotFoundError, NameTakenError, MetadataFullError */
  edit(id: DocumentId, patch: PlayerPatch, author: Author): Promise<WrittenPlayer> {
    return this.#edit(id, patch, author, { reason: "edit" });
  }

  /**
   * HIS3: makes a player say again what a change of its document said of a register; of one who was merged into
   * another, that one says it. A name is given up by those whom `takeFrom` names, in one write with it.
   * @throws NothingToRestoreError, DocumentNotFoundError, NameTakenError, MetadataFullError
   */
  async restore(
    id: DocumentId,
    { takeFrom = [], ...restoration }: Restoration & { readonly takeFrom?: readonly DocumentId[] },
    author: Author,
  ): Promise<WrittenPlayer> {
    const { kind, history } = await this.#options.histories.historyOf(id);
    if (kind !== "player") throw new NothingToRestoreError(restoration);
    const patch = restoringPatch(history, restoration);
    const { username } = patch;
    const note = { reason: "restore", restores: restoration.change } as const;
    if (!username || takeFrom.length === 0) return this.#edit(id, patch, author, note);
    const from = new Set(await this.survivorsOf(takeFrom));
    const key: ClaimKey = { kind: "username", key: normaliseUsername(username) };
    return this.#writer.writeToSurvivor(id, author, (target) => {
      const edit = editOf(target, [key], (player, circumstances) => {
        requireSurvivor(circumstances, target);
        const { stamp, claimsOn } = circumstances;
        const before = givingUp({ name: username, forId: target, from }, claimsOn(key));
        return { ...note, before, writes: editWrites(player, patch, stamp) };
      });
      return { ...edit, others: [...from] };
    });
  }

  /** @throws IdentityTakenError when another player has it */
  async linkIdentity(id: DocumentId, identity: Identity, author: Author): Promise<WrittenPlayer> {
    const claim = identityClaim(identity);
    const { position } = await this.#writer.write(id, author, [claim], (player, { stamp, ownerOf }) => {
      const owner = ownerOf(claim);
      if (owner !== undefined && owner !== player.id) throw new IdentityTakenError(identity);
      return { reason: "link", writes: linkIdentityWrites(player, identity, stamp) };
    });
    return { ...(await this.read(id, { whole: true })), position, created: false };
  }

  /** Also where a player brought it along who was merged into this one; wherever it is linked. */
  async unlinkIdentity(id: DocumentId, identity: Identity, author: Author): Promise<WrittenPlayer> {
    const group = (await this.#options.store.mergeGroup([id])).map(({ player }) => player);
    const linked = group.filter((player) => isLinked(player, identity));
    const [first = id, ...others] = linked.map((player) => player.id);
    const rest = await this.#authorElsewhere(id, author);
    let { position } = await this.#unlink(first, identity, rest);
    for (const other of others) ({ position } = await this.#unlink(other, identity, rest));
    return { ...(await this.read(id, { whole: true })), position, created: false };
  }

  /** `untilMs` in milliseconds since 1970; null for ever. */
  async ban(
    id: DocumentId,
    { reason, untilMs }: { readonly reason: string; readonly untilMs: number | null },
    author: Author,
  ): Promise<WrittenPlayer & { readonly ban: Ban }> {
    const banId = author.request?.addedId ?? this.#options.newId();
    const written = await this.#writer.write(id, author, [], (player, { stamp }) => ({
      reason: "ban",
      writes: banWrites(player, { id: banId, reason, by: author.by, untilMs }, stamp),
    }));
    const ban = written.player.bans.find((entry) => entry.id === banId);
    invariant(ban, "a ban that was written is in the list");
    return { ...written, ban };
  }

  /** Also one that stands with a player who was merged into this one. @throws BanNotFoundError */
  async liftBan(id: DocumentId, banId: string, author: Author): Promise<WrittenPlayer> {
    const group = (await this.#options.store.mergeGroup([id])).map(({ player }) => player);
    const banned = group.find(({ bans }) => bans.some((ban) => ban.id === banId));
    const { position } = await this.#writer.writeOnce(
      editOf(banned?.id ?? id, [], (player, { stamp }) => {
        return { reason: "unban", writes: liftBanWrites(player, banId, stamp) };
      }),
      await this.#authorElsewhere(id, author),
    );
    return { ...(await this.read(id)), position, created: false };
  }

  /** CLM4: declares two players to be one person; the one with the least id of all that were merged survives. */
  async merge(id: DocumentId, into: DocumentId, author: Author): Promise<WrittenPlayer> {
    if (id === into) throw new MergeIntoItselfError(id);
    const [lesser, greater] = id < into ? [id, into] : [into, id];
    await requireStored(this.#options.store, lesser);
    const { position } = await this.#writer.writeOnce(
      editOf(greater, [], (player, { stamp }) => {
        return { reason: "merge", writes: mergeWrites(player, lesser, stamp) };
      }),
      await this.#authorElsewhere(id, author),
    );
    return { ...(await this.read(lesser)), position, created: false };
  }

  /**
   * ERA1: with all players that were merged with this one. One that is erased already stays so, and answers as if it
   * were done now. @throws PlayerNotFoundError
   */
  async erase(documentId: DocumentId, author: Author): Promise<{ readonly position: Position }> {
    const { queue, store } = this.#options;
    try {
      const { by, audit } = await this.#authorElsewhere(documentId, author);
      const position = await queue.settled<Position>((settle) => {
        return { kind: "erase", weight: 1, documentId, by, audit, ...settle };
      });
      return { position };
    } catch (error) {
      if (!(error instanceof PlayerErasedError)) throw error;
      const position = await store.erasureOf(documentId);
      invariant(position, "the erasure of an erased player stands in the log");
      return { position };
    }
  }

  /**
   * A merged player answers with the survivor. `whole`: with what takes a look at other records, too.
   * @throws PlayerNotFoundError, PlayerErasedError */
  async read(id: DocumentId, { whole = false } = {}): Promise<PlayerView> {
    const { views } = this.#options;
    let stored = await requireStored(this.#options.store, id);
    if (stored.survivorId !== id) stored = await requireStored(this.#options.store, stored.survivorId);
    return whole ? views.whole(stored) : views.of(stored);
  }

  async export(id: DocumentId): Promise<PlayerExport> {
    return exportPlayer(this.#options.store, await this.read(id, { whole: true }));
  }

  async list(
    query: Omit<PlayerQuery, "nowMs">,
  ): Promise<{ readonly items: readonly PlayerView[]; readonly next: PlayerCursor | null }> {
    const { store, views, nowMs } = this.#options;
    const { items, next } = await store.players({ ...query, nowMs: nowMs() });
    return { items: items.map((stored) => views.of(stored)), next };
  }

  /** Whether a player may take part. @throws PlayerNotFoundError, PlayerErasedError */
  async standing(id: DocumentId): Promise<{ readonly survivorId: DocumentId; readonly banned: boolean }> {
    const { player, status } = await this.read(id);
    return { survivorId: player.id, banned: status === "banned" };
  }

  /** Of each the player that it was merged into; itself where it was not, or is not known here (CLM4). */
  async survivorsOf(ids: readonly DocumentId[]): Promise<readonly DocumentId[]> {
    const survivors = await this.#options.store.survivorsOf(ids);
    return ids.map((id) => survivors.get(id) ?? id);
  }

  /** CLM4: a player and all that it was merged with. */
  async personIds(id: DocumentId): Promise<readonly DocumentId[]> {
    return (await personIdsOf(this.#options.store, [id])).get(id) ?? [id];
  }

  /** CLM4: who owns an account, as far as this server knows. */
  ownerOf(identity: Identity): Promise<DocumentId | undefined> {
    return this.#options.store.ownerOfIdentity(identityKey(identity));
  }

  /**
   * Of a write that concerns a player and may be made in another's document: a condition is of the player as it is
   * shown, so it is judged beforehand. A request that was made before is not held to it again.
   * @throws PreconditionFailedError
   */
  async #authorElsewhere(id: DocumentId, { precondition, ...author }: Author): Promise<Author> {
    if (!precondition || (await this.#options.queue.isKnown(author.request))) return author;
    if (!precondition((await this.read(id)).heads)) throw new PreconditionFailedError();
    return author;
  }

  #edit(
    id: DocumentId,
    patch: PlayerPatch,
    author: Author,
    note: Omit<Decision, "writes">,
  ): Promise<WrittenPlayer> {
    const claims = nameKey(patch.username);
    return this.#writer.write(id, author, claims, (player, circumstances) => {
      const writes = requireMetadataRoom(player, editWrites(player, patch, circumstances.stamp));
      return requireFreeName({ ...note, writes }, patch.username, player.id, circumstances);
    });
  }

  #unlink(documentId: DocumentId, identity: Identity, author: Author): Promise<WrittenPlayer> {
    return this.#writer.writeOnce(
      editOf(documentId, [identityClaim(identity)], (player) => {
        return { reason: "unlink", writes: unlinkIdentityWrites(player, identity) };
      }),
      author,
    );
  }
}
