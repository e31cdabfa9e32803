import { parted, roadDown } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const flapping: Scenario = {
  name: "flapping",
  story: "Server 1 is parted from the others and heard again, ten times; connections are held up or reset.",
  async play({ servers: [one, two, ...others], during, random, traffic, wait }) {
    traffic.start();
    for (let times = 0; times < 10; times++) {
      const fault = times % 2 === 0 ? parted([one], [two, ...others]) : roadDown(one, two);
      await during(fault, () => wait(random.between(100, 600)));
      await wait(random.between(50, 400));
    }
  },
};
