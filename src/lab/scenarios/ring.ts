import { ring } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const inARing: Scenario = {
  name: "ring",
  story: "Each of four servers hears one neighbour alone; what one writes goes around.",
  servers: 4,
  async play({ servers, strike, traffic, wait, say }) {
    await strike(ring(servers));
    say("each server hears the one before it alone");
    traffic.start();
    await wait(5_000);
  },
};
