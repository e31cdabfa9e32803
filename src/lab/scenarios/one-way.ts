import { deaf } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const oneWay: Scenario = {
  name: "one-way",
  story: "Server 1 hears nobody, while all others hear it.",
  async play({ servers: [one, ...others], strike, traffic, wait, say }) {
    for (const other of others) await strike(deaf(one, other));
    say("server-1 is deaf, and still heard");
    traffic.start();
    await wait(5_000);
  },
};
