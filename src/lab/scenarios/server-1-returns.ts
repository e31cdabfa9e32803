/** The question that started this: server 1 is down, server 2 inserts a player; what happens when 1 returns? */
import { killed } from "../nemeses/processes.ts";
import type { Scenario } from "../scenario.ts";

export const server1Returns: Scenario = {
  name: "server-1-returns",
  story: "Server 1 is killed, the others take players, 1 returns and takes one at once.",
  async play({ servers: [one, two, ...others], at, strike, say }) {
    await at(one).register({ username: "before" });
    const down = await strike(killed(one));
    say("server-1 is down; the others take players");
    for (let number = 0; number < 50; number++) {
      await at(number % 2 === 0 ? two : (others[0] ?? two)).register({ username: `meanwhile-${number}` });
    }
    await down.end();
    await at(one).register({ username: "at-once" });
    say("server-1 is back, and has taken a player of its own");
  },
};
