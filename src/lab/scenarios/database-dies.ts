import { databaseKilled } from "../nemeses/processes.ts";
import type { Scenario } from "../scenario.ts";

export const databaseDies: Scenario = {
  name: "database-dies",
  story: "The database of server 1 is killed under load, twice, and recovers.",
  databases: "each",
  async play({ servers: [one], during, traffic, wait }) {
    traffic.start();
    for (let times = 0; times < 2; times++) {
      await wait(1_000);
      await during(databaseKilled(one), () => wait(2_000));
    }
    await wait(1_000);
  },
};
