/** How the parts of the registry hand edits to the writer, and what they get back. */
import type { ClaimKey } from "../../crdt/claim.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import type { Position } from "../../crdt/position.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { EditTask, Task, Written } from "./task.ts";

/** Of whom a write is, for its history: `key`, `ops`, or `open` for an unauthenticated caller. */
export interface Author {
  readonly by: string;
}

export interface Edit {
  readonly documentKind: DocumentKind;
  readonly documentId: DocumentId;
  readonly expects: EditTask["expects"];
  readonly claims?: readonly ClaimKey[];
  readonly decide: EditTask["decide"];
}

/** With the position of an entry also where nothing was to change. */
export type Positioned<T extends Written = Written> = Omit<T, "position"> & { readonly position: Position };

export class WriteQueue {
  readonly #submit: (task: Task) => void;
  readonly #store: Pick<LogStore, "positionOf">;

  constructor(submit: (task: Task) => void, store: Pick<LogStore, "positionOf">) {
    this.#submit = submit;
    this.#store = store;
  }

  async edit({ claims = [], ...edit }: Edit, { by }: Author): Promise<Positioned> {
    const written = await this.settled<Written>((settle) => {
      return { kind: "edit", weight: 1, claims, by, ...edit, ...settle };
    });
    const position = written.position ?? (await this.#positionOf(edit.documentId, written));
    return { ...written, position };
  }

  /** Resolves or rejects as the task is settled. */
  settled<Result>(
    task: (settle: { resolve: (result: Result) => void; reject: (error: unknown) => void }) => Task,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => this.#submit(task({ resolve, reject })));
  }

  /** For a write that changed nothing: whoever reads elsewhere at this position finds what was found here. */
  async #positionOf(id: DocumentId, { heads }: Written): Promise<Position> {
    const [head] = heads;
    const position = head === undefined ? undefined : await this.#store.positionOf(id, head);
    // Nothing but an erasure takes the changes of a document away.
    if (!position) throw new PlayerErasedError(id);
    return position;
  }
}
