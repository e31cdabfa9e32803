import { backUp, restoredFrom } from "../nemeses/backups.ts";
import type { Scenario } from "../scenario.ts";

export const restoredBackup: Scenario = {
  name: "restored-backup",
  story:
    "The database of server 1 is put back to an old copy; what it wrote since then comes back from its peers.",
  async play({ servers: [one], at, agreed, during, traffic, wait, say }) {
    traffic.start();
    await wait(1_000);
    await traffic.stop();
    const backup = await backUp(one);
    traffic.start();
    await wait(2_000);
    await traffic.stop();
    await agreed();
    await during(restoredFrom(backup, one), async () => say("server-1 is restored from its backup"));
    for (let number = 0; number < 20; number++) await at(one).register({});
    traffic.start();
    await wait(1_000);
  },
};
