import { backUp, restoredFrom } from "../nemeses/backups.ts";
import { parted } from "../nemeses/links.ts";
import type { Scenario } from "../scenario.ts";

export const restoredBackup: Scenario = {
  name: "restored-backup",
  story:
    "The database of server 1 is put back to an old copy while nobody hears it, and it writes at once; what it wrote before comes back from its peers.",
  async play({ servers: [one, two, ...others], at, agreed, during, traffic, wait, say }) {
    traffic.start();
    await wait(1_000);
    await traffic.stop();
    const backup = await backUp(one);
    traffic.start();
    await wait(2_000);
    await traffic.stop();
    await agreed();
    await during(parted([one], [two, ...others]), async () => {
      await during(restoredFrom(backup, one), async () => say("server-1 is restored from its backup, alone"));
      for (let number = 0; number < 20; number++) await at(one).register({});
    });
    traffic.start();
    await wait(1_000);
  },
};
