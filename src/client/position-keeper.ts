/**
 * What this client has written, so that it reads its own writes at whatever server it comes to.
 *
 * Every write answers with a position `<origin>:<sequence>`. A server that has a sequence of an origin has all
 * before it, so one position an origin says everything. A server that has it all answers at once; another waits
 * until it has.
 */

/** As many as one `Rollcall-After` may have: origins one has written at, a new one with each start of a server. */
export const POSITIONS_MAX = 16;

const POSITION = /^([0-9a-f]{32}):(0|[1-9][0-9]{0,14})$/;

export class PositionKeeper {
  /** Sequence by origin; what was written last stands last. */
  readonly #sequences = new Map<string, number>();

  /** @param positions kept from an earlier client, or made by somebody else whose writes are to be seen. */
  constructor(positions: readonly string[] = []) {
    for (const position of positions) this.note(position);
  }

  /** @param position as a server answered it; what is none is ignored. */
  note(position: string): void {
    const [, origin, digits] = POSITION.exec(position) ?? [];
    if (origin === undefined) return;
    const sequence = Math.max(Number(digits), this.#sequences.get(origin) ?? 0);
    this.#sequences.delete(origin);
    this.#sequences.set(origin, sequence);
    if (this.#sequences.size <= POSITIONS_MAX) return;
    // What was written longest ago has had the longest time to arrive everywhere.
    const [oldest] = this.#sequences.keys();
    if (oldest !== undefined) this.#sequences.delete(oldest);
  }

  /** Not to be waited for any more; what the same origin wrote later is. */
  forget(positions: readonly string[]): void {
    for (const position of positions) {
      const [, origin, digits] = POSITION.exec(position) ?? [];
      if (origin !== undefined && this.#sequences.get(origin) === Number(digits)) {
        this.#sequences.delete(origin);
      }
    }
  }

  all(): string[] {
    return Array.from(this.#sequences, ([origin, sequence]) => `${origin}:${sequence}`);
  }
}
