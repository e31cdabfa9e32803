import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const twoHalves: Scenario = {
  name: "two-halves",
  story: "Four servers fall into two halves that do not hear each other, and both go on playing.",
  servers: 4,
  async play({ servers, strike, traffic, wait, say }) {
    traffic.start();
    await wait(1_000);
    await strike(parted(servers.slice(0, 2), servers.slice(2)));
    say("the halves no longer hear each other");
    await wait(5_000);
  },
};
