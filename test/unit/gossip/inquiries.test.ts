import { describe, expect, it } from "vitest";
import { Inquiries } from "../../../src/gossip/inquiries.ts";
import { originOf } from "../../support/log-fixtures.ts";

const ORIGIN = originOf(1);
const at = (sequence: number) => ({ origin: ORIGIN, sequence });
const held = (sequence: number) => new Map([[ORIGIN, sequence]]);

describe("[ACK2] whoever inquired", () => {
  it("is told at once of what is held, and once", () => {
    const inquiries = new Inquiries();
    inquiries.note("us-1", at(3), held(5));
    expect(inquiries.due(held(5))).toEqual([{ server: "us-1", ...at(5) }]);
    expect(inquiries.due(held(6))).toEqual([]);
    inquiries.note("us-1", at(3), held(6));
    expect(inquiries.due(held(6))).toEqual([{ server: "us-1", ...at(6) }]);
  });

  it("is told of each advance until it is there, however far later questions run ahead", () => {
    const inquiries = new Inquiries();
    inquiries.note("us-1", at(4), held(2));
    expect(inquiries.due(held(2))).toEqual([]);
    expect(inquiries.due(held(3))).toEqual([{ server: "us-1", ...at(3) }]);
    inquiries.note("us-1", at(9), held(3));
    expect(inquiries.due(held(5))).toEqual([{ server: "us-1", ...at(5) }]);
    expect(inquiries.due(held(9))).toEqual([{ server: "us-1", ...at(9) }]);
    expect(inquiries.due(held(10))).toEqual([]);
  });

  it("is told of no more origins than it has reason to ask for", () => {
    const inquiries = new Inquiries();
    for (let number = 1; number <= 100; number++)
      inquiries.note("us-1", { origin: originOf(number), sequence: 1 }, new Map());
    inquiries.note("ap-1", at(1), new Map());
    const all = new Map(Array.from({ length: 100 }, (_, index) => [originOf(index + 1), 1] as const));
    const servers = inquiries.due(all).map(({ server }) => server);
    expect(servers.filter((server) => server === "us-1")).toHaveLength(16);
    expect(servers.filter((server) => server === "ap-1")).toHaveLength(1);
  });
});
