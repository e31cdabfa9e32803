import { expect, it } from "vitest";
import { Announcer } from "../../../src/gossip/announcer.ts";
import { entriesOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";

/** What was announced, as first and last sequence, and the moments that are passing. */
function testAnnouncer() {
  const announced: (readonly [number, number])[] = [];
  const pauses: (() => void)[] = [];
  const announcer = new Announcer({
    announce: (entries) => announced.push([entries.at(0)?.sequence ?? 0, entries.at(-1)?.sequence ?? 0]),
    pause: () => new Promise((resolve) => pauses.push(resolve)),
  });
  const endPause = async (): Promise<void> => {
    pauses.shift()?.();
    await settled();
  };
  return { announcer, announced, pauses, endPause };
}

it("[REP6] announces few entries at once, one commit like the next", () => {
  const { announcer, announced, pauses } = testAnnouncer();
  announcer.add(entriesOf(1, 1));
  announcer.add(entriesOf(7, 2));
  announcer.add([]);
  expect(announced).toEqual([
    [1, 1],
    [2, 8],
  ]);
  expect(pauses).toEqual([]);
});

it("[REP6] gathers what follows many for a moment, again and again until it is few", async () => {
  const { announcer, announced, pauses, endPause } = testAnnouncer();
  announcer.add(entriesOf(8, 1));
  announcer.add(entriesOf(4, 9));
  announcer.add(entriesOf(4, 13));
  expect(announced).toEqual([[1, 8]]);
  await endPause();
  expect(announced.at(-1)).toEqual([9, 16]);
  announcer.add(entriesOf(1, 17));
  expect(announced).toHaveLength(2);
  await endPause();
  expect(announced.at(-1)).toEqual([17, 17]);
  expect(pauses).toEqual([]);
  announcer.add(entriesOf(1, 18));
  expect(announced.at(-1)).toEqual([18, 18]);
});

it("[REP6] goes back to announcing at once when nothing followed", async () => {
  const { announcer, announced, endPause } = testAnnouncer();
  announcer.add(entriesOf(8, 1));
  await endPause();
  announcer.add(entriesOf(1, 9));
  expect(announced).toEqual([
    [1, 8],
    [9, 9],
  ]);
});

it("[REP6] announces what is gathered when it is told to, once", async () => {
  const { announcer, announced, endPause } = testAnnouncer();
  announcer.add(entriesOf(8, 1));
  announcer.add(entriesOf(4, 9));
  announcer.flush();
  announcer.flush();
  await endPause();
  expect(announced).toEqual([
    [1, 8],
    [9, 12],
  ]);
});
