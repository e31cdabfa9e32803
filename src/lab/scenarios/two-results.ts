import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";
import { madeId } from "../workload/made-id.ts";

export const twoResults: Scenario = {
  name: "two-results",
  story: "Two players report different results of one match, on different sides of a split.",
  async play({ servers: [one, two, ...others], at, during, agreed, say }) {
    const left = madeId(await at(one).register({}), "player");
    const right = madeId(await at(one).register({}), "player");
    const matches: string[] = [];
    for (let number = 0; number < 10; number++) {
      const match = madeId(await at(one).createMatch({ mode: "duel", capacity: 2, hostId: left }));
      await at(one).join(match, right);
      await at(one).startMatch(match);
      matches.push(match);
    }
    await agreed();
    await during(parted([one], [two, ...others]), async () => {
      for (const [number, match] of matches.entries()) {
        const theirs = number % 2 === 0 ? { [left]: 2, [right]: 1 } : { [left]: 1, [right]: 2 };
        await at(one).report(match, left, { [left]: 1, [right]: 2 });
        await at(two).report(match, right, theirs);
      }
    });
    await agreed();
    const [disputed = ""] = matches;
    await at(two).settle(disputed, { [left]: 1, [right]: 1 }, "nobody knows any more");
    say(
      "of 10 matches 5 were reported alike and are settled, 5 are disputed, one of those settled by an operator",
    );
  },
};
