/** A network that loses, repeats, reorders and cuts; each server has a broker on it. */
import type { Broker, BrokerLink, BrokerListener, PublishDrops } from "../../src/gossip/broker.ts";
import type { Random } from "../../src/lab/random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface Faults {
  /** Probability that a frame is lost on its way to one receiver. */
  readonly loss: number;
  /** Probability that it comes once more. */
  readonly repeat: number;
  /** Longest time on the way; frames overtake one another. */
  readonly delayMaxMs: number;
}

const NO_FAULTS: Faults = { loss: 0, repeat: 0, delayMaxMs: 2 };

interface Station {
  readonly channels: ReadonlySet<string>;
  readonly listener: BrokerListener;
}

export class Network {
  faults: Faults = NO_FAULTS;
  readonly #time: VirtualTime;
  readonly #random: Random;
  /** The names of all servers there are, running or not: each is configured to hear every other. */
  readonly #servers: readonly string[];
  readonly #stations = new Map<string, Station>();
  /** The island of each server; frames stay on an island. */
  #islands = new Map<string, number>();

  constructor(time: VirtualTime, random: Random, servers: readonly string[]) {
    this.#time = time;
    this.#random = random;
    this.#servers = servers;
  }

  /** Cuts the network into islands; a server that is not named is on island 0. */
  cut(islands: ReadonlyMap<string, number>): void {
    this.#islands = new Map(islands);
  }

  heal(): void {
    this.#islands.clear();
    this.faults = NO_FAULTS;
  }

  broker(server: string, channels: readonly string[]): Broker {
    let open = false;
    const network = this;
    const peers = this.#servers.filter((name) => name !== server);
    return {
      open(listener) {
        open = true;
        network.#stations.set(server, { channels: new Set(channels), listener });
        network.#time.after(1, () => {
          if (open) listener.subscribed(server);
        });
      },
      async publish(channel, frame) {
        if (open) network.#spread(server, channel, frame);
        return open;
      },
      links: () => [linkTo(server, true), ...peers.map((peer) => linkTo(peer, false))],
      drops: (): PublishDrops => ({ away: 0, overflow: 0, timeout: 0, refused: 0 }),
      async close() {
        if (open) network.#stations.delete(server);
        open = false;
      },
    };
  }

  #spread(sender: string, channel: string, frame: Uint8Array): void {
    for (const [server, { channels }] of this.#stations) {
      if (!channels.has(channel)) continue;
      const copies = this.#random.chance(this.faults.repeat) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        const lost = server !== sender && this.#random.chance(this.faults.loss);
        const delayMs = this.#random.between(0, this.faults.delayMaxMs);
        if (!lost) this.#time.after(delayMs, () => this.#deliver(sender, server, frame));
      }
    }
  }

  #deliver(sender: string, receiver: string, frame: Uint8Array): void {
    const connected = (this.#islands.get(sender) ?? 0) === (this.#islands.get(receiver) ?? 0);
    if (connected) this.#stations.get(receiver)?.listener.frame(frame);
  }
}

function linkTo(server: string, own: boolean): BrokerLink {
  return { url: server, own, state: "subscribed", heardMsAgo: 0 };
}
