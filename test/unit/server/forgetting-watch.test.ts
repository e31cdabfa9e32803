import { describe, expect, it } from "vitest";
import { type WatchOptions, watchForgetting } from "../../../src/server/forgetting-watch.ts";
import { originOf } from "../../support/log-fixtures.ts";

const OWN = originOf(1);

function watched() {
  const lines: string[] = [];
  let told = 0;
  let forgotten = new Map<string, string>([[originOf(8), "eu-1"]]);
  let commit: () => void = () => undefined;
  const registry: WatchOptions["registry"] = {
    get forgotten() {
      return forgotten;
    },
    onCommitted: (listener) => {
      commit = () => listener({} as Parameters<typeof listener>[0]);
    },
  };
  const logger = { warn: (line: string) => lines.push(line) } as unknown as WatchOptions["logger"];
  watchForgetting({
    self: { server: "eu-1", incarnation: OWN },
    registry,
    logger,
    onForgotten: () => told++,
  });
  return {
    lines,
    told: () => told,
    forget: (origin: string, server: string) => {
      forgotten = new Map(forgotten).set(origin, server);
      commit();
    },
  };
}

describe("a server", () => {
  it("[MBR3] is told once that its incarnation was forgotten", () => {
    const { lines, told, forget } = watched();
    forget(OWN, "eu-1");
    forget(originOf(9), "eu-1");
    expect(told()).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/while it ran: it begins anew/)]);
  });

  it("[MBR3] logs that an earlier incarnation was forgotten, and goes on", () => {
    const { lines, told, forget } = watched();
    forget(originOf(9), "eu-1");
    expect(told()).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/while it was away: it has joined as new/)]);
  });

  it("[MBR3] has nothing to do with others that were forgotten", () => {
    const { lines, told, forget } = watched();
    forget(originOf(9), "eu-2");
    expect([lines, told()]).toEqual([[], 0]);
  });
});
