/**
 * Requests that may be made again (IDM1 to IDM5): what was answered is remembered in the transaction of the write, so
 * that a retry finds it exactly if the write stands. Nothing of its content is: the retry is answered with the same
 * record as it is by then, and with the position of the write that it repeats.
 *
 * Of several at once with one key the first is made and the others wait for it. Should one slip in behind a commit
 * whose outcome was not known yet, the database refuses its batch, as the key is there, and it is answered as a retry.
 */
import { BatchRefusedError, UNIQUE_VIOLATION } from "../storage/errors.ts";
import type { RequestStore, StoredRequest } from "../storage/request-store.ts";
import { IdempotencyKeyReusedError } from "./errors.ts";

/** A request by which its caller knows it again. */
export interface KeyedRequest extends Pick<StoredRequest, "key" | "fingerprint"> {
  /**
   * The id of what it adds to a document, a ban or a settlement: the same of the same request at any server, so that
   * what was added at several is one (ID2).
   */
  readonly addedId: string;
}

export interface RequestMemoryOptions {
  readonly store: RequestStore;
  readonly nowMs: () => number;
}

/** A day: whoever tries again does so within seconds or minutes, or from a queue that somebody mends by the next day. */
const KEPT_MS = 24 * 60 * 60 * 1_000;
/** Some 30 MB with their indexes. */
const KEPT_MAX = 100_000;

export class RequestMemory {
  readonly #options: RequestMemoryOptions;
  /** Those under way, by key; none of the promises rejects. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: RequestMemoryOptions) {
    this.#options = options;
  }

  /**
   * `first` makes the request, and stores that with its write; `again` answers one that was made.
   * @throws IdempotencyKeyReusedError, StorageError
   */
  async once<Result>(
    request: KeyedRequest,
    first: () => Promise<Result>,
    again: (made: StoredRequest) => Promise<Result>,
  ): Promise<Result> {
    const { key } = request;
    for (let other = this.#running.get(key); other; other = this.#running.get(key)) await other;
    const result = this.#make(request, first, again);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#running.set(key, ended);
    try {
      return await result;
    } finally {
      this.#running.delete(key);
    }
  }

  /** Whether it was made, so that it is not refused for what has changed since. @throws IdempotencyKeyReusedError */
  async isKnown(request: KeyedRequest | undefined): Promise<boolean> {
    return request !== undefined && (await this.#made(request)) !== undefined;
  }

  /** Forgets what is too old, or too much (IDM5); to be run every minute or so. @throws StorageError */
  forget(): Promise<void> {
    const { store, nowMs } = this.#options;
    return store.forgetRequests({ beforeMs: nowMs() - KEPT_MS, keptMax: KEPT_MAX });
  }

  async #make<Result>(
    request: KeyedRequest,
    first: () => Promise<Result>,
    again: (made: StoredRequest) => Promise<Result>,
  ): Promise<Result> {
    const made = await this.#made(request);
    if (made) return again(made);
    try {
      return await first();
    } catch (error) {
      if (!(error instanceof BatchRefusedError && error.sqlState === UNIQUE_VIOLATION)) throw error;
      const madeMeanwhile = await this.#made(request);
      if (!madeMeanwhile) throw error;
      return again(madeMeanwhile);
    }
  }

  async #made({ key, fingerprint }: KeyedRequest): Promise<StoredRequest | undefined> {
    const made = await this.#options.store.request(key);
    if (made && made.fingerprint !== fingerprint) throw new IdempotencyKeyReusedError();
    return made;
  }
}
