import { describe, expect, it } from "vitest";
import type { Entry } from "../../../crdt/entry.ts";
import type { Want } from "../../../src/gossip/message.ts";
import { PAGE } from "../../../src/gossip/protocol.ts";
import { entriesOf } from "../../support/log-fixtures.ts";
import {
  announce,
  answerTo,
  DEAD,
  heartbeat,
  ProtocolDriver,
  SECOND,
  storedBy,
  vector,
  wants,
} from "../../support/protocol-driver.ts";

describe("what a server lacks", () => {
  it("[REP4] is asked of a peer whose heartbeat has it, page by page until all is there", () => {
    const driver = new ProtocolDriver();
    let asked = wants(driver.hear("eu-2", heartbeat({ vector: vector([SECOND, 1_200]) })));
    const pages: number[] = [];
    while (asked[0]) {
      const { from } = asked[0].message;
      pages.push(from);
      const page = entriesOf(Math.min(PAGE.entriesMax, 1_201 - from), from, { origin: SECOND });
      const effects = driver.hear("eu-2", answerTo(asked[0].message, page));
      asked = wants([...effects, ...driver.store(effects)]);
    }
    expect(pages).toEqual([1, 501, 1_001]);
    expect(driver.stored).toEqual(vector([SECOND, 1_200]));
    expect(driver.protocol.entriesBehind()).toBe(0);
    expect(driver.protocol.queues()).toEqual({ unstored: 0, asking: 0 });
  });

  it("[REP2] of a dead server is asked of another, which answers from its own log", () => {
    const driver = new ProtocolDriver();
    const asked = wants(driver.hear("eu-3", heartbeat({ vector: vector([DEAD, 7]) })));
    expect(asked).toMatchObject([{ to: "eu-3", message: { origin: DEAD, from: 1 } }]);
    const relay = new ProtocolDriver(vector([DEAD, 7]));
    const want = asked[0]?.message;
    expect(want && relay.hear("eu-2", want)).toEqual([
      { type: "answer", to: "eu-2", request: want?.request, origin: DEAD, from: 1 },
    ]);
    expect(storedBy(driver.hear("eu-3", answerTo(want, entriesOf(7, 1, { origin: DEAD }))))).toHaveLength(7);
  });

  it("is not asked of a peer that is down, and is asked of it when it is back", () => {
    const driver = new ProtocolDriver();
    driver.hear("eu-2", heartbeat({ vector: vector([SECOND, 3]) }));
    expect(wants(driver.tick(10_001))).toEqual([]);
    expect(driver.protocol.entriesBehind()).toBe(3);
    expect(wants(driver.hear("eu-2", announce([])))).toMatchObject([{ to: "eu-2", message: { from: 1 } }]);
  });

  it.each<[string, (want: Want) => readonly Entry[]]>([
    ["nothing", () => []],
    ["entries further on", ({ from, origin }) => entriesOf(3, from + 2, { origin })],
    ["entries that are here already", ({ origin }) => entriesOf(1, 1, { origin })],
    ["entries of another origin", ({ from }) => entriesOf(3, from + 1, { origin: DEAD })],
  ])("is asked of somebody else when a peer answers with %s, and not of it again at once", (_, answer) => {
    const driver = new ProtocolDriver(vector([SECOND, 1]));
    const has = heartbeat({ vector: vector([SECOND, 9]) });
    const [first] = wants(driver.hear("eu-2", has));
    driver.hear("eu-3", has);
    if (!first) throw new Error("nothing was asked");
    const [second] = wants(driver.hear("eu-2", answerTo(first.message, answer(first.message))));
    expect(second).toMatchObject({ to: "eu-3", message: { origin: SECOND, from: 2 } });
    if (!second) return;
    const third = driver.hear("eu-3", answerTo(second.message, answer(second.message)));
    expect(wants([...third, ...driver.tick(100), ...driver.tick(100)])).toEqual([]);
    expect(wants(driver.hear("eu-2", has))).toMatchObject([{ to: "eu-2" }]);
  });

  it("[REP5] is asked again at once of a peer that says hello, which may not have heard the question", () => {
    const driver = new ProtocolDriver();
    const has = heartbeat({ vector: vector([SECOND, 9]) });
    const [first] = wants(driver.hear("eu-2", has));
    expect(wants(driver.hear("eu-2", has))).toEqual([]);
    const [second] = wants(driver.hear("eu-2", { ...has, hello: true }));
    expect(second).toMatchObject({ to: "eu-2", message: { origin: SECOND, from: 1 } });
    // It had heard the first after all: both answers come, and what they bring is stored once.
    const answers = [first, second].map((asked) =>
      answerTo(asked?.message, entriesOf(9, 1, { origin: SECOND })),
    );
    const effects = answers.flatMap((answer) => driver.hear("eu-2", answer));
    expect(storedBy(effects)).toHaveLength(9);
    expect(wants([...effects, ...driver.store(effects)])).toEqual([]);
  });

  it("[REP4] is asked of somebody else when there is no answer", () => {
    const driver = new ProtocolDriver();
    const has = heartbeat({ vector: vector([SECOND, 9]) });
    expect(wants(driver.hear("eu-2", has))).toMatchObject([{ to: "eu-2" }]);
    expect(wants(driver.hear("eu-3", has))).toEqual([]);
    expect(wants([...driver.tick(1_000), ...driver.tick(1_000)])).toEqual([]);
    expect(wants(driver.tick(1))).toMatchObject([{ to: "eu-3" }]);
  });

  it("is asked again after a store that failed", () => {
    const driver = new ProtocolDriver();
    const effects = driver.hear("eu-2", announce(entriesOf(3, 1, { origin: SECOND })));
    const [store] = effects;
    if (store?.type !== "store") throw new Error("nothing was to be stored");
    expect(wants(driver.protocol.settled(store.entries, false, driver.nowMs))).toEqual([]);
    expect(wants(driver.tick(499))).toEqual([]);
    expect(wants(driver.tick(1))).toMatchObject([{ to: "eu-2", message: { from: 1 } }]);
  });
});
