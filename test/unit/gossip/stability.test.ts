import { describe, expect, it } from "vitest";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import { Stability } from "../../../src/gossip/stability.ts";
import { originOf } from "../../support/log-fixtures.ts";
import { vector } from "../../support/protocol-driver.ts";

const [OWN, SECOND, SECOND_AGAIN, THIRD] = [originOf(1), originOf(2), originOf(20), originOf(3)];
const HELD = vector([OWN, 5], [SECOND, 4]);

/** A server that knows the others by its log. */
class Watcher {
  readonly stability: Stability;
  readonly members: string[];

  constructor(members: string[], { stored = vector(), peersExpected = 0 } = {}) {
    this.members = members;
    this.stability = new Stability(stored, peersExpected);
  }

  hear(server: string, said: VersionVector, incarnation = SECOND): void {
    this.stability.heard(server, incarnation, said);
  }

  /** What is held by all, as it seems when this server holds so much. */
  at(held: VersionVector): VersionVector {
    this.stableAt(held);
    return this.stability.heldByAll;
  }

  /** What is stable when this server holds so much. */
  stableAt(held: VersionVector): VersionVector {
    const before = this.stability.vector;
    const advanced = this.stability.advance(held, this.members);
    expect(advanced).toBe(this.stability.vector !== before);
    return this.stability.vector;
  }
}

describe("what is held by all", () => {
  it("[STB1] is of each origin the least that any member said it has", () => {
    const watcher = new Watcher(["eu-2", "eu-3"]);
    watcher.hear("eu-2", vector([OWN, 3], [SECOND, 4]));
    watcher.hear("eu-3", vector([OWN, 4], [SECOND, 2]), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 3], [SECOND, 2]));
    watcher.hear("eu-2", vector([OWN, 5], [SECOND, 4]));
    expect(watcher.at(HELD)).toEqual(vector([OWN, 4], [SECOND, 2]));
    watcher.hear("eu-3", HELD, THIRD);
    expect(watcher.at(HELD)).toEqual(HELD);
  });

  it("[STB1] is not what a member has, before all that it had is here", () => {
    const watcher = new Watcher(["eu-2"]);
    watcher.hear("eu-2", vector([OWN, 5], [SECOND, 9]));
    expect(watcher.at(vector([OWN, 5], [SECOND, 8]))).toEqual(vector());
    expect(watcher.at(vector([OWN, 6], [SECOND, 9]))).toEqual(vector([OWN, 5], [SECOND, 9]));
  });

  it("[STB1] is all that a server holds that is alone, and has no peers", () => {
    const watcher = new Watcher([]);
    expect(watcher.at(HELD)).toEqual(HELD);
    expect(watcher.at(HELD)).toEqual(HELD);
    expect(watcher.at(vector([OWN, 6], [SECOND, 4]))).toEqual(vector([OWN, 6], [SECOND, 4]));
  });

  it("[STB1] is nothing new while a member is silent that the log tells of", () => {
    const watcher = new Watcher(["eu-2", "eu-3"], { stored: vector([OWN, 2]) });
    watcher.hear("eu-2", HELD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 2]));
    watcher.hear("eu-3", vector([OWN, 5]), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 5]));
    watcher.members.push("eu-4");
    watcher.hear("eu-3", HELD, THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 5]));
  });

  it("[STB1] is nothing new while a member has not been caught up with that only its voice tells of", () => {
    const watcher = new Watcher([]);
    watcher.hear("eu-2", vector([OWN, 5], [SECOND, 5]));
    expect(watcher.at(HELD)).toEqual(vector());
  });

  it("[STB1] is nothing new while fewer members are known than peers are configured", () => {
    const watcher = new Watcher([], { peersExpected: 2 });
    expect(watcher.at(HELD)).toEqual(vector());
    watcher.hear("eu-2", HELD);
    expect(watcher.at(HELD)).toEqual(vector());
    watcher.hear("eu-3", HELD, THIRD);
    expect(watcher.at(HELD)).toEqual(HELD);
  });

  it("[STB1] never goes back, and begins where it was", () => {
    const watcher = new Watcher(["eu-2"], { stored: vector([OWN, 4], [THIRD, 7]) });
    watcher.hear("eu-2", vector([OWN, 1], [SECOND, 2]));
    expect(watcher.at(HELD)).toEqual(vector([OWN, 4], [THIRD, 7], [SECOND, 2]));
    watcher.members.push("eu-3");
    watcher.hear("eu-3", vector(), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 4], [THIRD, 7], [SECOND, 2]));
  });
});

describe("what a member says", () => {
  it("[STB1] counts for good, also when it is never heard again", () => {
    const watcher = new Watcher(["eu-2", "eu-3"]);
    watcher.hear("eu-2", vector([OWN, 5]));
    watcher.hear("eu-3", vector([OWN, 2]), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 2]));
    for (const sequence of [4, 7]) {
      watcher.hear("eu-3", vector([OWN, sequence]), THIRD);
      watcher.at(vector([OWN, sequence]));
    }
    expect(watcher.stability.heldByAll).toEqual(vector([OWN, 5]));
  });

  it("[STB1] is caught up with although it says more every time before that is here", () => {
    const watcher = new Watcher(["eu-2"]);
    for (let written = 10; written <= 300; written += 10) {
      watcher.hear("eu-2", vector([SECOND, written]));
      const stable = watcher.at(vector([SECOND, Math.max(1, written - 15)])).get(SECOND) ?? 0;
      expect(written - stable).toBeLessThanOrEqual(30);
    }
  });

  it("[STB1] counts at once when it is here, whatever it said before", () => {
    const watcher = new Watcher(["eu-2"]);
    for (const sequence of [1, 2, 3, 4]) watcher.hear("eu-2", vector([SECOND, sequence]));
    expect(watcher.at(vector([SECOND, 4]))).toEqual(vector([SECOND, 4]));
  });

  it("[STB1] is no longer what it said before, when that comes late", () => {
    const watcher = new Watcher(["eu-2"]);
    const late = vector([OWN, 1]);
    watcher.hear("eu-2", vector([OWN, 5], [SECOND, 9]));
    watcher.hear("eu-2", vector([OWN, 6], [SECOND, 9]));
    watcher.hear("eu-2", late);
    watcher.at(vector([OWN, 6], [SECOND, 9]));
    watcher.hear("eu-2", late);
    expect(watcher.at(vector([OWN, 7], [SECOND, 9]))).toEqual(vector([OWN, 6], [SECOND, 9]));
  });

  it("[STB1] after a restart is all that counts: it may have lost what it had", () => {
    const watcher = new Watcher(["eu-2", "eu-3"]);
    watcher.hear("eu-2", vector([OWN, 5]));
    watcher.hear("eu-3", vector([OWN, 2]), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 2]));
    watcher.hear("eu-2", vector([OWN, 3], [SECOND_AGAIN, 1]), SECOND_AGAIN);
    watcher.hear("eu-3", vector([OWN, 5]), THIRD);
    expect(watcher.at(HELD)).toEqual(vector([OWN, 2]));
    expect(watcher.at(vector([OWN, 5], [SECOND_AGAIN, 1]))).toEqual(vector([OWN, 3]));
  });
});

describe("what is stable", () => {
  it("[STB2] is not what all hold, before all hold what was here when that was learnt", () => {
    const watcher = new Watcher(["eu-2"]);
    watcher.hear("eu-2", vector([OWN, 5], [SECOND, 2]));
    expect(watcher.stableAt(vector([OWN, 6], [SECOND, 4]))).toEqual(vector());
    watcher.hear("eu-2", vector([OWN, 6], [SECOND, 3]));
    expect(watcher.stableAt(vector([OWN, 9], [SECOND, 9]))).toEqual(vector());
    watcher.hear("eu-2", vector([OWN, 6], [SECOND, 4]));
    expect(watcher.stableAt(vector([OWN, 9], [SECOND, 9]))).toEqual(vector([OWN, 5], [SECOND, 2]));
  });

  it("[STB2] is at once what all hold who hold the same", () => {
    const watcher = new Watcher(["eu-2"]);
    watcher.hear("eu-2", HELD);
    expect(watcher.stableAt(HELD)).toEqual(HELD);
    expect(watcher.stableAt(HELD)).toEqual(HELD);
  });

  it("[STB2] follows round by round while members write without a pause", () => {
    const watcher = new Watcher(["eu-2"]);
    for (let written = 1; written <= 100; written++) {
      watcher.hear("eu-2", vector([SECOND, written]));
      const stable = watcher.stableAt(vector([SECOND, written])).get(SECOND) ?? 0;
      expect(written - stable).toBeLessThanOrEqual(1);
    }
  });

  it("[STB2] is after a start what it was before", () => {
    const watcher = new Watcher(["eu-2"], { stored: vector([OWN, 2]) });
    expect(watcher.stableAt(HELD)).toEqual(vector([OWN, 2]));
    watcher.hear("eu-2", vector([OWN, 4]));
    expect(watcher.stableAt(HELD)).toEqual(vector([OWN, 2]));
    watcher.hear("eu-2", HELD);
    expect(watcher.stableAt(HELD)).toEqual(HELD);
  });
});
