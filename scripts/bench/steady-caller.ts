/** A client that reads and edits a player at a steady pace, and knows of each call how long it took and who answered. */
import { setTimeout as delay } from "node:timers/promises";
import { createClient, type HttpAnswer, type RollcallClient } from "../../src/client/client.ts";

export interface MadeCall {
  readonly kind: "read" | "write";
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Who answered. */
  readonly server: string;
}

/** On average; each pause is between nothing and twice this, so that callers do not march in step. */
const PAUSE_MS = 20;

export class SteadyCaller {
  readonly calls: MadeCall[] = [];
  readonly #client: RollcallClient;
  readonly #calling: Promise<void>;
  #isOver = false;

  /** Resolves when it talks to the server that it will stay with. */
  static async start(servers: readonly string[]): Promise<SteadyCaller> {
    const client = createClient({ servers });
    const { player } = await client.players.register();
    return new SteadyCaller(client, player.id);
  }

  private constructor(client: RollcallClient, playerId: string) {
    this.#client = client;
    this.#calling = this.#callOn(playerId);
    // It is awaited by `end`; until then a failure waits there, too.
    this.#calling.catch(() => undefined);
  }

  /** Whom it talks to: who answered last. */
  get server(): string | undefined {
    return this.calls.at(-1)?.server;
  }

  /** @throws what a call failed with. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#calling;
  }

  async #callOn(playerId: string): Promise<void> {
    const path = ["v1", "players", playerId];
    for (let level = 1; !this.#isOver; level++) {
      await this.#made("write", () =>
        this.#client.call({ method: "PATCH", path, body: { metadata: { level } } }),
      );
      await this.#made("read", () => this.#client.call({ method: "GET", path }));
    }
  }

  async #made(kind: MadeCall["kind"], call: () => Promise<HttpAnswer>): Promise<void> {
    await delay(2 * PAUSE_MS * Math.random());
    const startedAtMs = performance.now();
    const { server } = await call();
    this.calls.push({ kind, startedAtMs, endedAtMs: performance.now(), server });
  }
}
