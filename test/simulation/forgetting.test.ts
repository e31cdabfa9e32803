/**
 * A server that is cut off is forgotten by the others, and comes back: seeded. Play one again:
 * `SEED=17 npx vitest run --project simulation test/simulation/forgetting.test.ts`.
 */
import { expect, test } from "vitest";
import { Random } from "../../src/lab/random.ts";
import { Network } from "./network.ts";
import { SimulatedServer } from "./server.ts";
import { VirtualTime } from "./virtual-time.ts";

const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: 20 }, (_, index) => index + 1);
const NAMES = ["eu-1", "eu-2", "us-1"];
const LONG_MS = 30_000;
const STEP_MS = 100;
const AUTHOR = { by: "key" };

async function world(seed: number) {
  const random = new Random(seed);
  const time = new VirtualTime();
  const network = new Network(time, random, NAMES);
  const servers = NAMES.map((name) => new SimulatedServer(name, time, network, random));
  for (const server of servers) await server.start();
  const [left, right, third] = servers;
  if (!left || !right || !third) throw new RangeError("three servers were started");
  const passing = async <Result>(promise: Promise<Result>): Promise<Result> => {
    let settled = false;
    const end = (): void => {
      settled = true;
    };
    promise.then(end, end);
    while (!settled) await time.run(1);
    return promise;
  };
  /** Registers a player with a name. */
  const claim = async (server: SimulatedServer, username: string): Promise<string> => {
    const { player } = await passing(server.registry.players.register({ fields: { username } }, AUTHOR));
    return player.id;
  };
  const status = async (server: SimulatedServer, id: string): Promise<string> => {
    const { usernameStatus } = await server.registry.players.read(id, { whole: false });
    return usernameStatus;
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let passedMs = 0; !(await isSo()); passedMs += STEP_MS) {
      expect(passedMs, "it takes too long").toBeLessThan(LONG_MS);
      await time.run(STEP_MS);
    }
  };
  const confirmed = (id: string, at: readonly SimulatedServer[]) => async (): Promise<boolean> => {
    const all = await Promise.all(at.map((server) => status(server, id).catch(() => "absent")));
    return all.every((each) => each === "confirmed");
  };
  return { time, network, servers, left, right, third, claim, status, until, confirmed, passing };
}

test.each(SEEDS)(
  "[MBR2] [MBR3] seed %i: names are confirmed without who was forgotten, who comes back with what it wrote alone",
  async (seed) => {
    const { time, network, servers, left, right, third, ...world_ } = await world(seed);
    const { claim, status, until, confirmed, passing } = world_;
    for (const server of servers) await until(confirmed(await claim(server, `at-${server.name}`), servers));

    network.cut(new Map([[third.name, 1]]));
    const alone = await claim(third, "alone");
    const ours = await claim(left, "ours");
    await time.run(LONG_MS);
    expect(await status(right, ours)).toBe("provisional");
    const forgetting = { server: third.name, heard: [] };
    await passing(left.registry.membership.forget(forgetting, AUTHOR));
    await until(confirmed(ours, [left, right]));
    expect(right.registry.members()).toEqual(["eu-1", "eu-2"]);

    const isDown = seed % 2 === 0;
    if (isDown) await third.crash();
    network.heal();
    if (isDown) await third.start();
    await until(confirmed(alone, servers));
    await until(confirmed(ours, servers));
    expect(third.begunAnew).toBe(isDown ? 0 : 1);
    await until(confirmed(await claim(third, "anew"), servers));
    for (const { registry, troubles } of servers) {
      expect(registry.members()).toEqual(NAMES);
      expect(registry.digest()).toEqual(left.registry.digest());
      expect(troubles).toEqual([]);
    }
  },
);
