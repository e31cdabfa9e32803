/** Writes to players, made where the player survives (CLM4), and answered with how the player is from then on. */
import type { ClaimKey } from "../../crdt/claim.ts";
import { invariant } from "../../crdt/errors.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { StoredPlayer } from "../storage/record-queries.ts";
import { PlayerNotFoundError } from "./errors.ts";
import type { PlayerViews } from "./player-views.ts";
import type { Circumstances, Decision } from "./task.ts";
import type { WrittenPlayer } from "./views.ts";
import type { Author, Edit, WriteQueue } from "./write-queue.ts";

export type Decide = (player: Player, circumstances: Circumstances) => Decision;

/** The id is of a player who was merged into another: the write is to be made there. */
export class MergedIntoError extends Error {
  readonly survivorId: DocumentId;

  constructor(survivorId: DocumentId) {
    super(`merged into ${survivorId}`);
    this.survivorId = survivorId;
  }
}

/** More steps than servers that merge at the same moment. */
const SURVIVOR_STEPS_MAX = 8;

export class PlayerWriter {
  readonly #store: Pick<LogStore, "player">;
  readonly #queue: WriteQueue;
  readonly #views: PlayerViews;

  constructor(store: Pick<LogStore, "player">, queue: WriteQueue, views: PlayerViews) {
    this.#store = store;
    this.#queue = queue;
    this.#views = views;
  }

  /** A write to a player who has to be there, or to the one it was merged into. */
  write(id: DocumentId, author: Author, claims: readonly ClaimKey[], decide: Decide): Promise<WrittenPlayer> {
    return this.writeToSurvivor(id, author, (target) =>
      editOf(target, claims, (player, circumstances) => {
        requireSurvivor(circumstances, target);
        return decide(player, circumstances);
      }),
    );
  }

  async writeToSurvivor(
    id: DocumentId,
    author: Author,
    edit: (target: DocumentId) => Edit,
  ): Promise<WrittenPlayer> {
    let target = id;
    for (let step = 1; ; step++) {
      try {
        return await this.writeOnce(edit(target), author);
      } catch (error) {
        if (!(error instanceof MergedIntoError) || step === SURVIVOR_STEPS_MAX) throw error;
        target = error.survivorId;
      }
    }
  }

  /** Exactly there, also where the player was merged into another. */
  async writeOnce(edit: Edit, author: Author): Promise<WrittenPlayer> {
    const { record, heads, row, usernameOwnerId, position, created } = await this.#queue.edit(edit, author);
    invariant(record.kind === "player" && row, "a player was written");
    const view =
      usernameOwnerId === undefined
        ? this.#views.of(await requireStored(this.#store, record.player.id))
        : this.#views.of({ ...row, heads, usernameOwnerId });
    return { ...view, position, created };
  }
}

/** @throws PlayerNotFoundError, PlayerErasedError */
export async function requireStored(store: Pick<LogStore, "player">, id: DocumentId): Promise<StoredPlayer> {
  const stored = await store.player(id);
  if (!stored) throw new PlayerNotFoundError(id);
  if (stored === "erased") throw new PlayerErasedError(id);
  return stored;
}

/** An edit of a player who has to be there. */
export function editOf(documentId: DocumentId, claims: readonly ClaimKey[], decide: Decide): Edit {
  return {
    documentKind: "player",
    documentId,
    expects: "record",
    claims,
    decide: (current, circumstances) => {
      if (current?.kind !== "player") throw new PlayerNotFoundError(documentId);
      return decide(current.player, circumstances);
    },
  };
}

export function requireSurvivor({ row }: Circumstances, id: DocumentId): void {
  if (row && row.survivorId !== id) throw new MergedIntoError(row.survivorId);
}
