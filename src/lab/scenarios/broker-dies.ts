import { brokerKilled } from "../nemeses/processes.ts";
import type { Scenario } from "../scenario.ts";

export const brokerDies: Scenario = {
  name: "broker-dies",
  story: "One broker dies, then all of them, while everybody plays; then they come back.",
  async play({ servers, strike, traffic, wait, say }) {
    traffic.start();
    const [first, ...rest] = servers;
    await strike(brokerKilled(first));
    await wait(2_000);
    for (const server of rest) await strike(brokerKilled(server));
    say("no broker is left: every server is alone");
    await wait(3_000);
  },
};
