import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../src/cli/demo/free-port.ts";
import type { Broker } from "../../src/gossip/broker.ts";
import { RedisBroker } from "../../src/gossip/redis-broker.ts";
import { register } from "../support/run-folder.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { brokerCommand } from "./broker-command.ts";
import { ALL, brokerContract, Recorder, TO_ONE } from "./broker-contract.ts";
import { until } from "./broker-until.ts";

const LAST_SLOT = 16_383;

/** A node of a Redis Cluster; with all slots it is a cluster by itself. */
class ClusterNode {
  readonly port: number;
  readonly #busPort: number;
  readonly #folder: TemporaryFolder;
  #child: ChildProcess | undefined;

  private constructor(port: number, busPort: number, folder: TemporaryFolder) {
    this.port = port;
    this.#busPort = busPort;
    this.#folder = folder;
  }

  static async start(fromSlot: number, toSlot: number): Promise<ClusterNode> {
    const node = new ClusterNode(await freePort(), await freePort(), await temporaryFolder("redis-cluster"));
    await node.#launch();
    await node.call("CLUSTER", "ADDSLOTSRANGE", String(fromSlot), String(toSlot));
    return node;
  }

  get url(): string {
    return `redis+cluster://127.0.0.1:${this.port}`;
  }

  call(...[command, ...args]: [string, ...string[]]): Promise<unknown> {
    return brokerCommand(this.port, command, ...args);
  }

  /** Does nothing if it runs. */
  async restart(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return;
    await this.#launch();
    await this.settled();
  }

  /** All slots are served, and it knows by whom. */
  async settled(): Promise<void> {
    await until(
      async () => String(await this.call("CLUSTER", "INFO")).includes("cluster_state:ok"),
      "the cluster",
    );
  }

  async meet(other: ClusterNode): Promise<void> {
    await this.call("CLUSTER", "MEET", "127.0.0.1", String(other.port), String(other.#busPort));
    await Promise.all([this.settled(), other.settled()]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.#folder.remove();
  }

  async #launch(): Promise<void> {
    const network = ["--port", String(this.port), "--bind", "127.0.0.1"];
    const cluster = ["--cluster-enabled", "yes", "--cluster-port", String(this.#busPort)];
    const storage = ["--save", "", "--dir", this.#folder.path];
    this.#child = spawn("redis-server", [...network, ...cluster, ...storage], { stdio: "ignore" });
    register(this.#child.pid, "command");
    await until(() => this.#answers(), "redis-server to answer");
  }

  #answers(): Promise<boolean> {
    return this.call("PING").then(
      () => true,
      () => false,
    );
  }
}

brokerContract("redis cluster", async () => {
  const nodes = await Promise.all([ClusterNode.start(0, LAST_SLOT), ClusterNode.start(0, LAST_SLOT)]);
  await Promise.all(nodes.map((node) => node.settled()));
  const at = (url: string) => (url === nodes[0].url ? nodes[0] : nodes[1]);
  return {
    urls: [nodes[0].url, nodes[1].url],
    // What the tests mean to be taken is taken, however busy the machine.
    broker: (options) =>
      new RedisBroker({ ...options, publishTimeoutMs: 10_000, log: { warn: () => undefined } }),
    kill: (url) => at(url).kill(),
    restart: (url) => at(url).restart(),
    dispose: async () => {
      await Promise.all(nodes.map((node) => node.remove()));
    },
  };
});

describe("broker: redis cluster of two nodes", () => {
  const nodes: ClusterNode[] = [];
  const opened: Broker[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
    await Promise.all(nodes.splice(0).map((node) => node.remove()));
  });

  /** The node that serves the channels, and the one that does not. */
  async function startCluster() {
    const low = await ClusterNode.start(0, 8191);
    nodes.push(low);
    const high = await ClusterNode.start(8192, LAST_SLOT);
    nodes.push(high);
    await low.meet(high);
    const slot = String(await low.call("CLUSTER", "KEYSLOT", ALL));
    return Number(slot) < 8192 ? { slot, owner: low, other: high } : { slot, owner: high, other: low };
  }

  function start(own: string) {
    const broker = new RedisBroker({
      own,
      peers: [],
      channels: [ALL, TO_ONE],
      log: { warn: () => undefined },
    });
    const heard = new Recorder();
    opened.push(broker);
    broker.open(heard);
    return { broker, heard };
  }

  async function hearsItself({ broker, heard }: ReturnType<typeof start>, text: string): Promise<void> {
    await until(() => broker.links()[0]?.state === "subscribed", "the subscription");
    // The publisher learns that the channel has moved from the first frame, which is dropped.
    await until(() => broker.publish(ALL, Buffer.from(text)), `to publish ${text}`);
    await until(() => heard.texts().includes(text), `to hear ${text}`);
  }

  it("finds the node that serves its channels from any other", async () => {
    const { owner, other } = await startCluster();
    const server = start(other.url);
    await hearsItself(server, "hello");
    expect(server.heard.events).toEqual([`subscribed ${other.url}`]);
    expect(String(await owner.call("PUBSUB", "SHARDCHANNELS"))).toContain(ALL);
  });

  it("begins with another node when the first one named is away", async () => {
    const { owner } = await startCluster();
    await hearsItself(start(`redis+cluster://127.0.0.1:1,127.0.0.1:${owner.port}`), "hello");
  });

  it("follows its channels to another node", async () => {
    const { slot, owner, other } = await startCluster();
    const server = start(owner.url);
    await hearsItself(server, "before");
    const newOwner = String(await other.call("CLUSTER", "MYID"));
    await other.call("CLUSTER", "SETSLOT", slot, "NODE", newOwner);
    await owner.call("CLUSTER", "SETSLOT", slot, "NODE", newOwner);
    await until(
      () => server.heard.count(`subscribed ${owner.url}`) === 2,
      "the subscription at the other node",
    );
    await hearsItself(server, "after");
    expect(String(await other.call("PUBSUB", "SHARDCHANNELS"))).toContain(ALL);
  });
});
