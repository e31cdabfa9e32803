import { describe, expect, it } from "vitest";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import { entriesOf, originOf, STAMP } from "../../support/log-fixtures.ts";
import {
  announce,
  heartbeat,
  OWN,
  ProtocolDriver,
  SECOND,
  sent,
  THIRD,
  vector,
} from "../../support/protocol-driver.ts";

/** What ticks of 100 ms tell of the stable vector. */
function told(driver: ProtocolDriver, ticks: number): VersionVector[] {
  const effects = Array.from({ length: ticks }, () => driver.tick(100)).flat();
  return effects.flatMap((effect) => (effect.type === "stable" ? [effect.vector] : []));
}

describe("a protocol", () => {
  it("[STB1] takes nothing for stable before others had the time to be heard", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { stable: vector([OWN, 1]) });
    expect(told(driver, 9)).toEqual([]);
    expect(driver.protocol.stable).toEqual(vector([OWN, 1]));
    expect(told(driver, 10)).toEqual([vector([OWN, 3])]);
    expect(driver.protocol.stable).toEqual(vector([OWN, 3]));
  });

  it("[STB1] waits for the peers that are configured", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { peersExpected: 1 });
    expect(told(driver, 50)).toEqual([]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    expect(told(driver, 50)).toEqual([vector([OWN, 3])]);
  });

  it("[STB1] waits for the servers that the log tells of, which it is one of itself", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]));
    driver.members = ["eu-1", "eu-2"];
    expect(told(driver, 50)).toEqual([]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    expect(told(driver, 50)).toEqual([vector([OWN, 3])]);
  });

  it("[MBR2] waits no more for who was forgotten, which counts among those that are configured", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { peersExpected: 2 });
    driver.members = ["eu-1", "eu-2", "eu-3"];
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    driver.hear("eu-3", heartbeat({ vector: vector([OWN, 1]) }));
    expect(told(driver, 50)).toEqual([]); // eu-3 has the first alone, and not what was here then
    driver.members = ["eu-1", "eu-2"];
    driver.forgotten.set(THIRD, "eu-3");
    expect(told(driver, 1)).toEqual([vector([OWN, 3])]);
  });

  it("[MBR3] hears who was forgotten, and waits for it again once it has begun anew", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { peersExpected: 1 });
    driver.forgotten.set(SECOND, "eu-2");
    expect(told(driver, 50)).toEqual([vector([OWN, 3])]);
    const said = heartbeat({ vector: vector([OWN, 3]), hello: true });
    expect(sent(driver.hear("eu-2", said)).map(({ to }) => to)).toContain("eu-2");
    driver.protocol.committed(vector([OWN, 4]), STAMP);
    expect(told(driver, 5)).toEqual([vector([OWN, 4])]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 4]) }), originOf(22));
    driver.protocol.committed(vector([OWN, 5]), STAMP);
    expect(told(driver, 5)).toEqual([]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 5]) }), originOf(22));
    expect(told(driver, 5)).toEqual([vector([OWN, 5])]);
  });

  it("[MBR2] who was forgotten is no peer once it is silent, and holds nothing for others", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]));
    driver.members = ["eu-1", "eu-2"];
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    driver.tick(4_000);
    expect(driver.protocol.unheard(driver.nowMs)).toMatchObject([{ server: "eu-2" }]);
    expect(driver.protocol.heldBy(OWN, 1)).toBe(3);
    driver.members = ["eu-1"];
    driver.forgotten.set(SECOND, "eu-2");
    driver.tick(100);
    expect(driver.protocol.unheard(driver.nowMs)).toEqual([]);
    expect(driver.protocol.peers(driver.nowMs)).toEqual([]);
    expect(driver.protocol.heldBy(OWN, 1)).toBe(0);
    expect(driver.protocol.holders({ origin: OWN, sequence: 1 })).toEqual([]);
    driver.hear("eu-2", heartbeat());
    driver.tick(100);
    expect(driver.protocol.peers(driver.nowMs)).toMatchObject([{ server: "eu-2", state: "alive" }]);
  });

  it("[STB2] tells of what a peer holds once it holds all that was here when it was heard of", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { peersExpected: 1 });
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 2]) }));
    expect(told(driver, 50)).toEqual([]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    expect(told(driver, 1)).toEqual([vector([OWN, 3])]);
  });

  it("[STB1] tells once a tick of all that became stable since the last", () => {
    const driver = new ProtocolDriver(vector([OWN, 1]));
    expect(told(driver, 20)).toEqual([vector([OWN, 1])]);
    for (const sequence of [2, 3, 4]) {
      const local = entriesOf(1, sequence, { origin: OWN });
      driver.protocol.committed(vector([OWN, sequence]), STAMP);
      expect(sent(driver.protocol.announce(local))).toHaveLength(1);
    }
    expect(told(driver, 10)).toEqual([vector([OWN, 4])]);
  });

  it("[STB1] counts what a member said once its entries are stored, and not when they are announced", () => {
    const driver = new ProtocolDriver(vector([OWN, 3]), { peersExpected: 1 });
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }));
    expect(told(driver, 20)).toEqual([vector([OWN, 3])]);
    const effects = driver.hear("eu-2", announce(entriesOf(2, 1, { origin: SECOND })));
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3], [SECOND, 2]) }));
    expect(told(driver, 5)).toEqual([]);
    driver.store(effects);
    expect(told(driver, 5)).toEqual([vector([OWN, 3], [SECOND, 2])]);
  });
});
