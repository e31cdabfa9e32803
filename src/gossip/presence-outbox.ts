/** Signs of presence that this server was given and has not said to the others yet (PRS1). Pure. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { PresenceSigns } from "./message.ts";
import { cutToPages } from "./pages.ts";
import { PRESENCE_LEASE_MS, type Presence } from "./presence-board.ts";
import { PRESENCE_SIGNS_MAX, presenceBytes } from "./presence-values.ts";

/** A quarter of a frame, as for entries. */
const BYTES_MAX = 256 * 1024;

export class PresenceOutbox {
  /** By player: of several signs in one tick the last is said. */
  readonly #signs = new Map<DocumentId, { readonly presence: Presence; readonly untilMs: number }>();

  add(presence: Presence, nowMs: number): void {
    this.#signs.set(presence.playerId, { presence, untilMs: nowMs + PRESENCE_LEASE_MS });
  }

  /** What is to be said now; what has run out meanwhile is not. */
  take(nowMs: number): PresenceSigns[] {
    if (this.#signs.size === 0) return [];
    const signs = [...this.#signs.values()]
      .map(({ presence, untilMs }) => ({ ...presence, leftMs: Math.floor(untilMs - nowMs) }))
      .filter(({ leftMs }) => leftMs > 0);
    this.#signs.clear();
    const limits = { itemsMax: PRESENCE_SIGNS_MAX, bytesMax: BYTES_MAX, bytesOf: presenceBytes };
    return cutToPages(signs, limits).map((page) => ({ type: "presence", signs: page }));
  }
}
