/** A long run: a random fault every ten seconds, while everybody plays. */

import { counted } from "../counted.ts";
import { randomNemesis } from "../nemeses/random-nemesis.ts";
import type { Scenario, Struck } from "../scenario.ts";

export const SOAK = "soak";

const FAULT_EVERY_MS = 10_000;
const FAULTS_A_MINUTE = 60_000 / FAULT_EVERY_MS;
/** Some faults end before the next begins, some last beside it. */
const LASTS_MS = { min: 2_000, max: 15_000 } as const;

export function soakFor(minutes: number): Scenario {
  return {
    name: SOAK,
    story: `For ${counted(minutes, "minute")} a random fault every ten seconds, while everybody plays.`,
    options: `--minutes ${minutes}`,
    databases: "each",
    async play({ servers, random, strike, traffic, wait, say }) {
      traffic.start();
      const faults = Math.ceil(minutes * FAULTS_A_MINUTE);
      const lasting: { readonly fault: Struck; leftMs: number }[] = [];
      for (let number = 1; number <= faults; number++) {
        lasting.push({
          fault: await strike(randomNemesis(servers, random)),
          leftMs: random.between(LASTS_MS.min, LASTS_MS.max),
        });
        await untilNext(lasting, wait);
        if (number % FAULTS_A_MINUTE === 0) say(`${number} of ${faults} faults`);
      }
    },
  };
}

/** Ends those whose time is over before the next fault begins. */
async function untilNext(
  lasting: { readonly fault: Struck; leftMs: number }[],
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  let waitedMs = 0;
  const ending = lasting.filter(({ leftMs }) => leftMs <= FAULT_EVERY_MS);
  for (const { fault, leftMs } of ending.sort((one, other) => one.leftMs - other.leftMs)) {
    await wait(leftMs - waitedMs);
    waitedMs = leftMs;
    await fault.end();
  }
  await wait(FAULT_EVERY_MS - waitedMs);
  lasting.splice(0, lasting.length, ...lasting.filter((one) => !ending.includes(one)));
  for (const one of lasting) one.leftMs -= FAULT_EVERY_MS;
}
