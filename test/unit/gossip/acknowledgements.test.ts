import { describe, expect, it } from "vitest";
import type { Position } from "../../../crdt/position.ts";
import { Acknowledgements } from "../../../src/gossip/acknowledgements.ts";
import { originOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";

const ORIGIN = originOf(1);
const at = (sequence: number) => ({ origin: ORIGIN, sequence });

/** Of each peer, up to where it holds the origin. */
function world(...held: number[]) {
  const asked: Position[] = [];
  const pauses: (() => void)[] = [];
  const clock = { nowMs: 0 };
  const acknowledgements = new Acknowledgements({
    heldBy: (_, peers) => held.toSorted((a, b) => b - a)[peers - 1] ?? 0,
    inquire: (position) => asked.push(position),
    nowMs: () => clock.nowMs,
    pause: () => new Promise((resolve) => pauses.push(resolve)),
  });
  return { acknowledgements, held, asked, pauses, clock };
}

describe("[ACK1] a wait", () => {
  it("ends at once where enough peers hold the position, and asks nobody", async () => {
    const { acknowledgements, asked } = world(7, 5, 0);
    expect(await acknowledgements.wait(at(5), 2, 1_000)).toBe(true);
    expect(asked).toEqual([]);
  });

  it("ends with the peer that makes them enough, each wait for itself", async () => {
    const { acknowledgements, held } = world(0, 0, 0);
    const ended: string[] = [];
    const wait = async (name: string, sequence: number, peers: number) => {
      ended.push(`${name} ${await acknowledgements.wait(at(sequence), peers, 1_000)}`);
    };
    const waits = [wait("one", 5, 1), wait("two", 5, 2), wait("later", 6, 1)];
    held[0] = 5;
    acknowledgements.advanced();
    await settled();
    expect(ended).toEqual(["one true"]);
    held[2] = 9;
    acknowledgements.advanced();
    await Promise.all(waits);
    expect(ended.sort()).toEqual(["later true", "one true", "two true"]);
    expect(acknowledgements.waiting).toBe(0);
  });

  it("ends without them when its time is over, and not before", async () => {
    const { acknowledgements, clock } = world(0);
    const wait = acknowledgements.wait(at(5), 1, 1_000);
    clock.nowMs = 999;
    acknowledgements.expire();
    expect(acknowledgements.waiting).toBe(1);
    clock.nowMs = 1_000;
    acknowledgements.expire();
    expect(await wait).toBe(false);
    expect(acknowledgements.waiting).toBe(0);
    expect(await acknowledgements.wait(at(5), 1, 0)).toBe(false);
  });

  it("ends for more peers than there are by its time alone", async () => {
    const { acknowledgements, clock } = world(9);
    const wait = acknowledgements.wait(at(5), 2, 10);
    acknowledgements.advanced();
    expect(acknowledgements.waiting).toBe(1);
    clock.nowMs = 10;
    acknowledgements.expire();
    expect(await wait).toBe(false);
  });

  it("sees a peer that lost what it held come back", async () => {
    const { acknowledgements, held } = world(4);
    const wait = acknowledgements.wait(at(5), 1, 1_000);
    acknowledgements.advanced();
    held[0] = 0;
    acknowledgements.advanced();
    held[0] = 5;
    acknowledgements.advanced();
    expect(await wait).toBe(true);
  });

  it("is refused beyond ten thousand", async () => {
    const { acknowledgements, clock } = world(0);
    const waits = Array.from({ length: 10_000 }, () => acknowledgements.wait(at(1), 1, 1));
    expect(await acknowledgements.wait(at(1), 1, 1_000)).toBe(false);
    clock.nowMs = 1;
    acknowledgements.expire();
    expect(new Set(await Promise.all(waits))).toEqual(new Set([false]));
  });
});

describe("[ACK2] questions", () => {
  it("are put at once, and gathered while one was put just now", async () => {
    const { acknowledgements, asked, pauses } = world(0);
    for (const sequence of [1, 3, 2]) void acknowledgements.wait(at(sequence), 1, 1_000);
    expect(asked).toEqual([at(1)]);
    pauses.shift()?.();
    await settled();
    expect(asked).toEqual([at(1), at(3)]);
    pauses.shift()?.();
    await settled();
    expect([asked.length, pauses.length]).toEqual([2, 0]);
    void acknowledgements.wait(at(4), 1, 1_000);
    expect(asked).toHaveLength(3);
  });
});
