import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const threeIslands: Scenario = {
  name: "three-islands",
  story: "Each of three servers is alone, and each goes on playing.",
  async play({ servers, strike, traffic, wait, say }) {
    traffic.start();
    await wait(1_000);
    await strike(parted(...servers.map((server) => [server])));
    say("nobody hears anybody");
    await wait(5_000);
  },
};
