/**
 * Which servers asked to be told once this one holds a position (ACK2). Pure.
 *
 * Whoever asked hears of every advance of that origin until it is there, not of the position alone: where entries
 * come without a pause, the next question would otherwise always overtake the answer to the last one. What is lost
 * here, or beyond the bound, the next heartbeat says.
 */
import type { Origin, Position } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";

/** Up to where the entries of an origin are held here, for the server that asked. */
export interface HoldingNews extends Position {
  readonly server: string;
}

interface Inquiry {
  readonly wanted: number;
  readonly told: number;
}

/** A server asks for its own origin, and now and then for that of a write which changed nothing. */
const ORIGINS_MAX = 16;

export class Inquiries {
  readonly #ofServers = new Map<string, Map<Origin, Inquiry>>();

  /** @param stored What is held here now. */
  note(server: string, { origin, sequence }: Position, stored: VersionVector): void {
    const inquiries = this.#ofServers.get(server) ?? new Map<Origin, Inquiry>();
    const known = inquiries.get(origin);
    if (!known && inquiries.size >= ORIGINS_MAX) return;
    const held = sequenceOf(stored, origin);
    // Held already: it is told at once, whatever was told before.
    const told = held >= sequence ? 0 : held;
    inquiries.set(origin, { wanted: Math.max(sequence, known?.wanted ?? 0), told });
    this.#ofServers.set(server, inquiries);
  }

  /** What is to be told now; it is taken as told. */
  due(stored: VersionVector): HoldingNews[] {
    const news: HoldingNews[] = [];
    for (const [server, inquiries] of this.#ofServers) {
      for (const [origin, { wanted, told }] of inquiries) {
        const sequence = sequenceOf(stored, origin);
        if (sequence <= told) continue;
        news.push({ server, origin, sequence });
        if (sequence < wanted) inquiries.set(origin, { wanted, told: sequence });
        else inquiries.delete(origin);
      }
      if (inquiries.size === 0) this.#ofServers.delete(server);
    }
    return news;
  }
}
