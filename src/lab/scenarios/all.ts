/** All scenarios, in the order in which one would explain them. A new one is a file of its own and a line here. */
import { LabError } from "../lab-error.ts";
import type { Scenario } from "../scenario.ts";
import { brokerDies } from "./broker-dies.ts";
import { brokerFreezes } from "./broker-freezes.ts";
import { clockAhead } from "./clock-ahead.ts";
import { databaseDies } from "./database-dies.ts";
import { doubleRegistration } from "./double-registration.ts";
import { everything } from "./everything.ts";
import { flapping } from "./flapping.ts";
import { lastSeat } from "./last-seat.ts";
import { lateReturner } from "./late-returner.ts";
import { oneWay } from "./one-way.ts";
import { restoredBackup } from "./restored-backup.ts";
import { inARing } from "./ring.ts";
import { sameName } from "./same-name.ts";
import { server1Returns } from "./server-1-returns.ts";
import { SOAK } from "./soak.ts";
import { threeIslands } from "./three-islands.ts";
import { twoHalves } from "./two-halves.ts";
import { twoResults } from "./two-results.ts";

export const SCENARIOS: readonly Scenario[] = [
  server1Returns,
  twoHalves,
  threeIslands,
  inARing,
  oneWay,
  flapping,
  sameName,
  lastSeat,
  twoResults,
  doubleRegistration,
  brokerDies,
  brokerFreezes,
  databaseDies,
  restoredBackup,
  clockAhead,
  lateReturner,
  everything,
];

/** @throws LabError */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  const names = [...SCENARIOS.map((scenario) => scenario.name), SOAK].join(", ");
  throw new LabError("unknown-scenario", `there is no scenario ${name}; there are ${names}`);
}
