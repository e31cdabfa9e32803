/** How the parts of the registry hand edits to the writer, and what they get back. */
import type { AuditNote } from "../../crdt/audit.ts";
import type { ChangeHash } from "../../crdt/change.ts";
import type { ClaimKey } from "../../crdt/claim.ts";
import { invariant } from "../../crdt/errors.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import type { Position } from "../../crdt/position.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { StoredRequest } from "../storage/request-store.ts";
import { PreconditionFailedError } from "./errors.ts";
import type { KeyedRequest, RequestMemory } from "./request-memory.ts";
import type { EditTask, Task, Written } from "./task.ts";

/** Of whom a write is, for its history: `key`, `ops`, or `open` for an unauthenticated caller. */
export interface Author {
  readonly by: string;
  /** Of an operator: what it says of itself and of its reasons (AUD1). */
  readonly audit?: AuditNote | undefined;
  /** By which request, where it may be made again (IDM1). */
  readonly request?: KeyedRequest | undefined;
  /** Of the heads of the record, as they are when it is written. */
  readonly precondition?: ((heads: readonly ChangeHash[]) => boolean) | undefined;
}

export interface Edit {
  readonly documentKind: DocumentKind;
  readonly documentId: DocumentId;
  readonly expects: EditTask["expects"];
  readonly others?: EditTask["others"];
  readonly claims?: readonly ClaimKey[];
  readonly decide: EditTask["decide"];
}

/** With the position of an entry also where nothing was to change. */
export type Positioned<T extends Written = Written> = Omit<T, "position"> & { readonly position: Position };

export interface WriteQueueOptions {
  readonly submit: (task: Task) => void;
  readonly store: Pick<LogStore, "positionOf">;
  readonly requests: RequestMemory;
}

export class WriteQueue {
  readonly #options: WriteQueueOptions;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Whether the request was made before. */
  isKnown(request: KeyedRequest | undefined): Promise<boolean> {
    return this.#options.requests.isKnown(request);
  }

  /** @throws IdempotencyKeyReusedError, PreconditionFailedError, and what the edit throws */
  edit(edit: Edit, author: Author): Promise<Positioned> {
    const { request } = author;
    if (!request) return this.#edit(edit, author);
    return this.#options.requests.once(
      request,
      () => this.#edit(edit, author),
      (made) => this.#again(edit, made, author),
    );
  }

  async #edit(edit: Edit, author: Author): Promise<Positioned> {
    const written = await this.#written(edit, author);
    const position = written.position ?? (await this.#positionOf([edit.documentId], written.heads[0]));
    return { ...written, position };
  }

  /** The record as it is, at the position where the request was made. */
  async #again(
    { documentKind, others = [] }: Edit,
    made: StoredRequest,
    { by }: Author,
  ): Promise<Positioned> {
    const { documentId, change } = made;
    const written = await this.#written(
      {
        documentKind,
        documentId,
        expects: "record",
        decide: (current) => {
          invariant(current, "a document that was written is there");
          return { reason: "edit", writes: [] };
        },
      },
      { by },
    );
    return { ...written, position: await this.#positionOf([documentId, ...others], change) };
  }

  #written(
    { claims = [], others = [], ...edit }: Edit,
    { by, audit, request, precondition }: Author,
  ): Promise<Written> {
    const decide: EditTask["decide"] = (current, circumstances) => {
      // What would be refused anyway is refused for that (RFC 9110, 13.2.1).
      const decision = edit.decide(current, circumstances);
      if (current && precondition?.(current.heads) === false) throw new PreconditionFailedError();
      return decision;
    };
    return this.settled<Written>((settle) => {
      return {
        kind: "edit",
        weight: 1 + others.length,
        others,
        claims,
        by,
        audit,
        request,
        ...edit,
        decide,
        ...settle,
      };
    });
  }

  /** Resolves or rejects as the task is settled. */
  settled<Result>(
    task: (settle: { resolve: (result: Result) => void; reject: (error: unknown) => void }) => Task,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => this.#options.submit(task({ resolve, reject })));
  }

  /**
   * Of a change that one of these documents has. Whoever reads elsewhere at this position finds what was found here,
   * also where nothing was to change.
   */
  async #positionOf(
    ids: readonly [DocumentId, ...DocumentId[]],
    change: ChangeHash | undefined,
  ): Promise<Position> {
    for (const id of ids) {
      const position = change && (await this.#options.store.positionOf(id, change));
      if (position) return position;
    }
    // Nothing but an erasure takes the changes of a document away.
    throw new PlayerErasedError(ids[0]);
  }
}
