/**
 * Which counters of one sender were seen: each is accepted once, in any order within a window.
 *
 * Invariants: a counter is accepted at most once; one that is `REPLAY_WINDOW` or more below the highest
 * accepted is refused, since whether it was seen is no longer known. Frames overtake each other only between
 * links and by a few places, so refusing late ones costs nothing that repair would not bring.
 *
 * The bits lie in a ring of words (RFC 6479): moving forward clears whole words, never shifts. The ring is
 * wider than the window by at least one word, hence a word that is cleared holds no bit inside the window.
 * Pure; 256 bytes a sender.
 */

/** How far below the highest counter a new one may lie. A sender makes some hundred frames a second. */
export const REPLAY_WINDOW = 1024;

const WORD_BITS = 32;
const WORDS = 64;

export class ReplayWindow {
  readonly #seen = new Uint32Array(WORDS);
  #highest = 0;

  /** True when the counter (from 1) is new, and remembers it; false when it was seen, is too old or no counter. */
  accept(counter: number): boolean {
    if (!Number.isSafeInteger(counter) || counter < 1) return false;
    if (counter <= this.#highest - REPLAY_WINDOW) return false;
    const word = Math.floor(counter / WORD_BITS);
    if (counter > this.#highest) {
      this.#clearBetween(Math.floor(this.#highest / WORD_BITS), word);
      this.#highest = counter;
    }
    const index = word % WORDS;
    const bit = 1 << (counter % WORD_BITS);
    const seen = this.#seen[index] ?? 0;
    if ((seen & bit) !== 0) return false;
    this.#seen[index] = seen | bit;
    return true;
  }

  /** Makes room for the words after `last` up to and with `next`; a leap past the whole ring clears it. */
  #clearBetween(last: number, next: number): void {
    const count = Math.min(next - last, WORDS);
    for (let step = 1; step <= count; step++) this.#seen[(last + step) % WORDS] = 0;
  }
}
