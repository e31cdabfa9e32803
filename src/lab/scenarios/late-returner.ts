import { stopped } from "../nemeses/processes.ts";
import type { Scenario } from "../scenario.ts";

/** As many as a small game has in hours. */
const WRITES = 3_000;
const AT_ONCE = 16;

export const lateReturner: Scenario = {
  name: "late-returner",
  story: "Server 1 is away for hours of writes, and comes back.",
  async play({ servers: [one, two, ...others], at, during, say }) {
    await during(stopped(one), async () => {
      const writers = [two, ...others];
      for (let written = 0; written < WRITES; written += AT_ONCE) {
        const some = Array.from({ length: AT_ONCE }, (_, index) => writers[index % writers.length] ?? two);
        await Promise.all(some.map((server) => at(server).register({ region: "eu" })));
      }
      say(`${WRITES} players registered while server-1 was away`);
    });
  },
};
