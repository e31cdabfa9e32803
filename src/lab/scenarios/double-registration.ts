import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const doubleRegistration: Scenario = {
  name: "double-registration",
  story: "The same people register on both sides of a split, each with other fields.",
  async play({ servers: [one, two, ...others], at, during, say }) {
    await during(parted([one], [two, ...others]), async () => {
      for (let number = 0; number < 20; number++) {
        const identity = { provider: "steam", subject: `7656119796028${number}` };
        await Promise.all([
          at(one).register({ identity, region: "eu", metadata: { level: number } }),
          at(two).register({ identity, displayName: `Player ${number}`, region: "us" }),
        ]);
      }
    });
    say("20 people registered twice: each is one player, with the fields of both");
  },
};
