/** How servers come to know, without waiting for a heartbeat, who holds what. */
import { describe, expect, it } from "vitest";
import { entriesOf, originOf } from "../../support/log-fixtures.ts";
import {
  announce,
  heartbeat,
  OWN,
  ProtocolDriver,
  SECOND,
  sent,
  vector,
} from "../../support/protocol-driver.ts";

const holding = (origin: string, sequence: number) => ({ type: "holding", origin, sequence }) as const;
const inquiry = (origin: string, sequence: number) => ({ type: "inquiry", origin, sequence }) as const;

describe("[ACK2] a server that is asked", () => {
  it("tells who asked as soon as it has stored it, ahead of its heartbeat", () => {
    const driver = new ProtocolDriver();
    expect(driver.hear("eu-2", inquiry(SECOND, 2))).toEqual([]);
    const taken = driver.hear("eu-2", announce(entriesOf(2, 1, { origin: SECOND })));
    expect(sent(taken)).toEqual([]);
    expect(sent(driver.store(taken))).toEqual([{ to: "eu-2", message: holding(SECOND, 2) }]);
  });

  it("tells at once what it has stored already", () => {
    const driver = new ProtocolDriver(vector([SECOND, 7]));
    expect(sent(driver.hear("eu-2", inquiry(SECOND, 3)))).toEqual([
      { to: "eu-2", message: holding(SECOND, 7) },
    ]);
  });
});

describe("[ACK1] a server that asks", () => {
  it("asks all, and knows each that told, by whatever message", () => {
    const driver = new ProtocolDriver(vector([OWN, 5]));
    expect(sent(driver.protocol.inquire({ origin: OWN, sequence: 5 }))).toEqual([
      { to: "*", message: inquiry(OWN, 5) },
    ]);
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 4]) }));
    driver.hear("us-1", heartbeat({ vector: vector([OWN, 5]) }));
    const held = () => [0, 1, 2, 3].map((peers) => driver.protocol.heldBy(OWN, peers));
    expect(held()).toEqual([Number.POSITIVE_INFINITY, 5, 4, 0]);
    driver.hear("eu-2", holding(OWN, 5));
    expect(held()).toEqual([Number.POSITIVE_INFINITY, 5, 5, 0]);
  });

  it("knows no more of a peer that began anew than it has said since", () => {
    const driver = new ProtocolDriver(vector([OWN, 5]));
    driver.hear("eu-2", holding(OWN, 5));
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 3]) }), originOf(8));
    expect(driver.protocol.heldBy(OWN, 1)).toBe(3);
  });
});

describe("[ACK3] who holds a position", () => {
  it("is told of every member, also of one that was never heard", () => {
    const driver = new ProtocolDriver(vector([OWN, 5]));
    driver.members = ["eu-1", "eu-2", "us-1", "ap-1"];
    driver.hear("eu-2", heartbeat({ vector: vector([OWN, 5]) }));
    driver.hear("us-1", heartbeat({ vector: vector([OWN, 4]) }));
    driver.tick(100);
    expect(driver.protocol.holders({ origin: OWN, sequence: 5 })).toEqual([
      { server: "eu-2", has: true },
      { server: "us-1", has: false },
      { server: "ap-1", has: false },
    ]);
  });
});

describe("[HBT1] who is unheard", () => {
  const unheard = (driver: ProtocolDriver) => driver.protocol.unheard(driver.nowMs);

  it("is silent for longer than a suspect may be: one that said that it leaves, too", () => {
    const driver = new ProtocolDriver();
    driver.hear("eu-2", heartbeat());
    driver.hear("us-1", heartbeat({ state: "leaving" }));
    driver.tick(3_000);
    expect(unheard(driver)).toEqual([]);
    driver.hear("eu-2", heartbeat());
    driver.tick(1);
    expect(unheard(driver)).toEqual([{ server: "us-1", heardMsAgo: 3_001 }]);
    driver.hear("us-1", heartbeat());
    expect(unheard(driver)).toEqual([]);
  });

  it("is a member that the log tells of and that was never heard since this server began, itself never", () => {
    const driver = new ProtocolDriver();
    driver.members = ["eu-1", "ap-1"];
    driver.tick(3_000);
    expect(unheard(driver)).toEqual([]);
    driver.tick(1_000);
    expect(unheard(driver)).toEqual([{ server: "ap-1", heardMsAgo: 4_000 }]);
    driver.hear("ap-1", heartbeat());
    expect(unheard(driver)).toEqual([]);
  });
});
