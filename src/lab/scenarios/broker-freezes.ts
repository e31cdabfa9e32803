import { brokerFrozen } from "../nemeses/processes.ts";
import type { Scenario } from "../scenario.ts";

export const brokerFreezes: Scenario = {
  name: "broker-freezes",
  story: "A broker freezes: it keeps its connections, answers nothing, and tells nobody.",
  async play({ servers: [one], during, traffic, wait }) {
    traffic.start();
    await wait(500);
    await during(brokerFrozen(one), () => wait(6_000));
    await wait(1_000);
  },
};
