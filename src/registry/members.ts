/** The members as the log tells of them, and how one is forgotten (MBR1). */
import { membersOf, ORIGINS_MAX } from "../../crdt/membership.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import type { StoredState } from "../storage/log-store.ts";
import { MemberNotFoundError } from "./errors.ts";
import type { Author, WriteQueue } from "./write-queue.ts";

export interface MembersOptions {
  /** This server's name. */
  readonly self: string;
  readonly standing: () => Pick<StoredState, "servers" | "forgotten">;
  readonly queue: WriteQueue;
}

export interface Forgetting {
  readonly server: string;
  /** Incarnations that were heard, and may never have written. */
  readonly heard: readonly Origin[];
}

export class Members {
  readonly #options: MembersOptions;

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Sorted; this server may be among them. */
  names(): readonly string[] {
    const { servers, forgotten } = this.#options.standing();
    return membersOf(servers, forgotten);
  }

  /**
   * Of all its incarnations that are known here. One that was forgotten already may be forgotten again: an operator
   * who lost the answer asks once more. @throws MemberNotFoundError
   */
  async forget({ server, heard }: Forgetting, { by, audit }: Author): Promise<Position> {
    const { servers, forgotten } = this.#options.standing();
    const known = [...heard, ...namedSo(servers, server)];
    const living = [...new Set(known)].filter((origin) => !forgotten.has(origin));
    const origins = living.length > 0 ? living : namedSo(forgotten, server);
    let position: Position | undefined;
    for (let from = 0; from < origins.length; from += ORIGINS_MAX) {
      const part = { server, origins: origins.slice(from, from + ORIGINS_MAX) };
      position = await this.#options.queue.settled<Position>((settle) => {
        return { kind: "forget", weight: 1, forgotten: part, by, audit, ...settle };
      });
    }
    if (!position) throw new MemberNotFoundError(server);
    return position;
  }
}

function namedSo(names: ReadonlyMap<Origin, string>, server: string): Origin[] {
  return [...names].filter(([, name]) => name === server).map(([origin]) => origin);
}
