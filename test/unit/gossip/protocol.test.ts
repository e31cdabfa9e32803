import { describe, expect, it } from "vitest";
import { entryBytes } from "../../../crdt/entry.ts";
import { PAGE } from "../../../src/gossip/protocol.ts";
import { entriesOf, entryOf, STAMP } from "../../support/log-fixtures.ts";
import {
  announce,
  answerTo,
  heartbeat,
  OWN,
  ProtocolDriver,
  SECOND,
  sent,
  storedBy,
  vector,
  wants,
} from "../../support/protocol-driver.ts";

describe("what a server says", () => {
  it("is a heartbeat every second, with what it has stored, to all", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]));
    expect(sent(driver.tick(0))).toEqual([
      { to: "*", message: heartbeat({ vector: vector([OWN, 3]), state: "starting" }) },
    ]);
    let beats = 0;
    for (let count = 0; count < 100; count++) beats += sent(driver.tick(100)).length;
    expect(beats).toBe(10);
  });

  it("[REP5] is hello when it has subscribed, and a heartbeat to whoever says hello, at once", () => {
    const driver = new ProtocolDriver();
    expect(sent(driver.protocol.subscribed(driver.time))).toEqual([
      { to: "*", message: heartbeat({ state: "starting", hello: true }) },
    ]);
    expect(sent(driver.hear("eu-2", heartbeat({ hello: true })))).toEqual([
      { to: "eu-2", message: heartbeat({ state: "starting" }) },
    ]);
    expect(driver.hear("eu-2", heartbeat())).toEqual([]);
  });

  it("is what it has just committed, in pages that keep both limits", () => {
    const driver = new ProtocolDriver();
    const entries = [
      ...entriesOf(700, 1, { origin: OWN }),
      ...entriesOf(40, 701, { origin: OWN, body: Buffer.alloc(20_000) }),
      entryOf({ sequence: 741, origin: OWN, body: Buffer.alloc(300_000) }),
      entryOf({ sequence: 742, origin: OWN }),
    ];
    const effects = sent(driver.protocol.announce(entries));
    const pages = effects.map(({ to, message }) => {
      expect(to).toBe("*");
      return message.type === "announce" ? message.entries : [];
    });
    expect(pages.flat()).toEqual(entries);
    for (const page of pages) {
      expect(page.length).toBeLessThanOrEqual(PAGE.entriesMax);
      const bytes = page.reduce((sum, entry) => sum + entryBytes(entry), 0);
      if (page.length > 1) expect(bytes).toBeLessThanOrEqual(PAGE.bytesMax);
    }
    expect(driver.protocol.announce([])).toEqual([]);
  });

  it("is at last that it leaves", () => {
    const driver = new ProtocolDriver();
    const [{ to, message } = { to: "", message: undefined }] = sent(driver.protocol.leave(driver.time));
    expect([to, message]).toEqual(["*", heartbeat({ state: "leaving" })]);
    const peer = new ProtocolDriver();
    peer.hear("eu-2", heartbeat({ state: "leaving" }));
    expect(peer.protocol.peers(0)).toMatchObject([{ server: "eu-2", state: "down" }]);
  });

  it("is not heard by itself", () => {
    const driver = new ProtocolDriver();
    expect(driver.protocol.heard("eu-1", OWN, heartbeat({ hello: true }), driver.time)).toEqual([]);
    expect(driver.protocol.peers(0)).toEqual([]);
  });
});

describe("an announcement", () => {
  it("[REP4] that continues what is here is stored", () => {
    const driver = new ProtocolDriver();
    expect(storedBy(driver.hear("eu-2", announce(entriesOf(3, 1, { origin: SECOND }))))).toEqual([1, 2, 3]);
    expect(storedBy(driver.hear("eu-2", announce(entriesOf(2, 4, { origin: SECOND }))))).toEqual([4, 5]);
  });

  it("[REP4] that leaves a hole makes us ask for what is missing, and is taken from the answer", () => {
    const driver = new ProtocolDriver();
    const effects = driver.hear("eu-2", announce(entriesOf(2, 4, { origin: SECOND })));
    expect(storedBy(effects)).toEqual([]);
    const [want] = wants(effects);
    expect(want).toMatchObject({ to: "eu-2", message: { origin: SECOND, from: 1 } });
    const answered = driver.hear("eu-2", answerTo(want?.message, entriesOf(5, 1, { origin: SECOND })));
    expect(storedBy(answered)).toEqual([1, 2, 3, 4, 5]);
    expect(wants([...driver.store(answered), ...driver.tick(5_000)])).toEqual([]);
  });

  it("of nothing is nothing", () => {
    expect(new ProtocolDriver().hear("eu-2", announce([]))).toEqual([]);
  });
});

describe("a server has caught up", () => {
  it("when it has heard nobody for a second", () => {
    const driver = new ProtocolDriver();
    driver.tick(999);
    expect(driver.protocol.caughtUp).toBe(false);
    driver.tick(1);
    expect(driver.protocol.caughtUp).toBe(true);
  });

  it("when it has all that the peers it heard have, and from then on", () => {
    const driver = new ProtocolDriver();
    const effects = driver.hear("eu-2", heartbeat({ vector: vector([SECOND, 3]) }));
    driver.tick(5_000);
    expect(driver.protocol.caughtUp).toBe(false);
    driver.store(
      driver.hear("eu-2", answerTo(wants(effects)[0]?.message, entriesOf(3, 1, { origin: SECOND }))),
    );
    const [beat] = sent(driver.tick(1_000));
    expect(driver.protocol.caughtUp).toBe(true);
    expect(beat?.message).toMatchObject({ state: "serving", vector: vector([SECOND, 3]) });
    driver.hear("eu-2", heartbeat({ vector: vector([SECOND, 9]) }));
    driver.tick(100);
    expect(driver.protocol.caughtUp).toBe(true);
  });

  it("not before a peer that it heard has said what it has", () => {
    const driver = new ProtocolDriver();
    driver.hear("eu-2", { type: "want", request: 1, origin: OWN, from: 1 });
    driver.tick(2_000);
    expect(driver.protocol.caughtUp).toBe(false);
    driver.hear("eu-2", heartbeat());
    driver.tick(100);
    expect(driver.protocol.caughtUp).toBe(true);
  });

  it("although a peer that is down had more", () => {
    const driver = new ProtocolDriver();
    driver.hear("eu-2", heartbeat({ vector: vector([SECOND, 3]) }));
    driver.tick(10_001);
    expect(driver.protocol.caughtUp).toBe(true);
  });
});

describe("how far a peer is behind", () => {
  it("is measured although nobody asks for it", () => {
    const driver = new ProtocolDriver();
    driver.hear("eu-2", heartbeat());
    for (let count = 0; count < 600; count++) {
      if (count % 10 === 0) driver.hear("eu-2", heartbeat());
      driver.tick(100);
    }
    driver.protocol.committed(vector([OWN, 2]), STAMP);
    driver.tick(100);
    const [report] = driver.protocol.peers(driver.nowMs);
    expect(report).toMatchObject({ server: "eu-2", entriesBehind: 2 });
    expect(report?.msBehind).toBeLessThanOrEqual(200);
  });
});
