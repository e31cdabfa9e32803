import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const sameName: Scenario = {
  name: "same-name",
  story: "Both sides of a split give the same names to different players.",
  async play({ servers: [one, two, ...others], at, during, say }) {
    await during(parted([one], [two, ...others]), async () => {
      for (let number = 0; number < 20; number++) {
        const username = `Ada-${number}`;
        await Promise.all([
          at(one).register({ username }),
          at(two).register({ username: username.toUpperCase() }),
        ]);
      }
    });
    say(
      "20 names are claimed on both sides: the earlier claim keeps each, the other player is shown as name#xxxx",
    );
  },
};
