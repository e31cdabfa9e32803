import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";
import { madeId } from "../workload/made-id.ts";

export const lastSeat: Scenario = {
  name: "last-seat",
  story: "The last seat of a match is taken on both sides of a split.",
  async play({ servers: [one, two, ...others], at, during, agreed, say }) {
    const [host, left, right] = [
      madeId(await at(one).register({}), "player"),
      madeId(await at(one).register({}), "player"),
      madeId(await at(one).register({}), "player"),
    ];
    const matches: string[] = [];
    for (let number = 0; number < 10; number++) {
      matches.push(madeId(await at(one).createMatch({ mode: "duel", capacity: 2, hostId: host })));
    }
    await agreed();
    await during(parted([one], [two, ...others]), async () => {
      for (const match of matches) await Promise.all([at(one).join(match, left), at(two).join(match, right)]);
    });
    say(
      "10 last seats are taken on both sides: the earlier entry sits, the other player is told of an overflow",
    );
  },
};
