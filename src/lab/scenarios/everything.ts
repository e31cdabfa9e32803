import { randomNemesis } from "../nemeses/random-nemesis.ts";
import type { Scenario, Struck } from "../scenario.ts";

const FAULTS = 15;
const AT_ONCE_MAX = 3;

export const everything: Scenario = {
  name: "everything",
  story: "Random faults of all kinds, several at once, while everybody plays.",
  databases: "each",
  async play({ servers, random, strike, traffic, wait }) {
    traffic.start();
    const lasting: Struck[] = [];
    for (let faults = 0; faults < FAULTS; faults++) {
      lasting.push(await strike(randomNemesis(servers, random)));
      await wait(random.between(100, 1_200));
      if (lasting.length >= AT_ONCE_MAX || random.chance(0.5)) await lasting.shift()?.end();
    }
  },
};
