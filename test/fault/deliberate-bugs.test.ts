/** That the lab's checker can fail: each of these deliberate bugs is caught, by the check that is there for it. */
import { beforeAll, describe, expect, it } from "vitest";
import { backUp, restoredFrom } from "../../src/lab/nemeses/backups.ts";
import { parted } from "../../src/lab/nemeses/links.ts";
import { killed } from "../../src/lab/nemeses/processes.ts";
import { run } from "../../src/lab/run.ts";
import type { Scenario } from "../../src/lab/scenario.ts";
import { scenarioNamed } from "../../src/lab/scenarios/all.ts";
import { madeId } from "../../src/lab/workload/made-id.ts";
import { BUGS, type Bug, buildWith } from "../support/broken-build.ts";
import { leaveAnswersUnchecked } from "../support/check-answers.ts";

/** Without the bug it takes a second or two. */
const AGREED_WITHIN_MS = 10_000;
const RUN_WITHIN_MS = 180_000;

const killedUnderLoad: Scenario = {
  name: "killed-under-load",
  story: "A server is killed five times while everybody plays.",
  async play({ servers: [one], during, traffic, wait }) {
    traffic.start();
    for (let times = 0; times < 5; times++) {
      await wait(1_000);
      await during(killed(one), () => wait(100));
    }
    await wait(1_000);
  },
};

/** What server 1 wrote since the copy was taken, all peers have; what it writes alone, it writes in the same places. */
const restoredAlone: Scenario = {
  name: "restored-alone",
  story:
    "Server 1 is put back to an old copy while nobody hears it, and writes to the player that it wrote to before.",
  async play({ servers: [one, two, ...others], at, agreed, during, traffic, wait }) {
    const player = madeId(await at(one).register({}), "player");
    const backup = await backUp(one);
    for (let number = 0; number < 10; number++) {
      madeId(await at(one).register({}), "player");
      madeId(await at(one).markPlayer(player));
    }
    await agreed();
    await during(parted([one], [two, ...others]), async () => {
      await during(restoredFrom(backup, one), async () => undefined);
      for (let number = 0; number < 5; number++) madeId(await at(one).markPlayer(player));
    });
    traffic.start();
    await wait(2_000);
  },
};

const CASES: readonly [Bug, Scenario, string][] = [
  [BUGS.acknowledgesBeforeCommit, killedUnderLoad, "acknowledged writes"],
  [BUGS.skipsHoles, scenarioNamed("server-1-returns"), "logs"],
  [BUGS.reusesItsActor, restoredAlone, "logs"],
  [BUGS.dropsOnResubscribe, scenarioNamed("broker-dies"), "convergence"],
  [BUGS.appliesByArrival, scenarioNamed("same-name"), "same everywhere"],
];

beforeAll(leaveAnswersUnchecked);

describe("a build that", () => {
  it.each(CASES)(
    "$name is found out",
    async (bug, scenario, check) => {
      const build = await buildWith(bug);
      try {
        const { checks } = await run(scenario, {
          seed: 1,
          command: build.command,
          agreedWithinMs: AGREED_WITHIN_MS,
        });
        const failed = checks.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
        expect(failed).toContain(check);
      } finally {
        await build.remove();
      }
    },
    RUN_WITHIN_MS,
  );
});
