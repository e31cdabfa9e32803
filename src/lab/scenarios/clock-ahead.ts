import { clockOff } from "../nemeses/clocks.ts";
import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

const HOUR_MS = 3_600_000;

export const clockAhead: Scenario = {
  name: "clock-ahead",
  story:
    "The clock of server 1 is an hour ahead, then an hour behind, also while it is parted from the others.",
  async play({ servers: [one, two, ...others], during, traffic, wait }) {
    traffic.start();
    await during(clockOff(one, HOUR_MS), async () => {
      await wait(1_000);
      await during(parted([one], [two, ...others]), () => wait(2_000));
    });
    await during(clockOff(one, -HOUR_MS), () => wait(2_000));
  },
};
