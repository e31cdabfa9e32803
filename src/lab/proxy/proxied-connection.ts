/** One connection through a proxy: two sockets and a pipe each way. When one of them breaks, both are gone. */
import { connect, type Socket } from "node:net";
import { Pipe } from "./pipe.ts";
import { type Toxics, toxicOf } from "./toxic.ts";

export interface ProxiedConnectionOptions {
  readonly client: Socket;
  readonly host: string;
  readonly port: number;
  readonly toxics: () => Toxics;
  readonly random: () => number;
  readonly onClosed: () => void;
}

export class ProxiedConnection {
  readonly #options: ProxiedConnectionOptions;
  readonly #sockets: readonly [client: Socket, server: Socket];
  readonly #pipes: readonly [upstream: Pipe, downstream: Pipe];
  #ends: NodeJS.Timeout[] = [];

  constructor(options: ProxiedConnectionOptions) {
    this.#options = options;
    const { client, host, port, toxics, random } = options;
    // Half-open: each direction ends by itself.
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const onLimit = () => this.#closeGently();
    this.#sockets = [client, server];
    this.#pipes = [
      new Pipe({ from: client, to: server, toxics: () => toxics().upstream, random, onLimit }),
      new Pipe({ from: server, to: client, toxics: () => toxics().downstream, random, onLimit }),
    ];
    for (const socket of this.#sockets) {
      // What broke one breaks the other: its end says as much as can be said.
      socket.on("error", () => this.reset());
      // What ended in order leaves the other to end by itself, when all that waits has been passed on.
      socket.on("close", () => {
        if (!socket.readableEnded) this.#closeGently();
        if (this.#sockets.every(({ closed }) => closed)) this.#gone();
      });
    }
    this.toxicsChanged();
  }

  toxicsChanged(): void {
    for (const timer of this.#ends) clearTimeout(timer);
    this.#ends = [];
    const toxics = Object.values(this.#options.toxics()).flat();
    const timeout = toxicOf(toxics, "timeout");
    if (timeout && timeout.timeoutMs > 0) this.#endAfter(timeout.timeoutMs, () => this.#closeGently());
    const resetPeer = toxicOf(toxics, "reset_peer");
    if (resetPeer) this.#endAfter(resetPeer.timeoutMs, () => this.reset());
    for (const pipe of this.#pipes) pipe.pass();
  }

  /** Both sides see a connection that was reset, also while what was passed on is still on its way. */
  reset(): void {
    this.#stop();
    for (const socket of this.#sockets) {
      if (socket.destroyed) continue;
      // libuv refuses to reset what is ending already, and Node.js then waits for the socket for ever as it exits.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  /** What was passed on still arrives; nothing that waits does. */
  #closeGently(): void {
    this.#stop();
    for (const socket of this.#sockets) socket.destroySoon();
  }

  #stop(): void {
    for (const timer of this.#ends) clearTimeout(timer);
    for (const pipe of this.#pipes) pipe.stop();
  }

  #gone(): void {
    this.#stop();
    this.#options.onClosed();
  }

  #endAfter(ms: number, end: () => void): void {
    this.#ends.push(setTimeout(end, ms));
  }
}
