/**
 * The figures that the README quotes. `npm run bench` runs all; `npm run bench -- visibility` one of them.
 *
 * Everything runs on this machine: ratios of one run mean more than absolute numbers.
 */
import { measureCatchUp } from "./catch-up.ts";
import { measureConsole } from "./console.ts";
import type { Figure } from "./figure.ts";
import { measureHealing } from "./healing.ts";
import { measureHistory } from "./history.ts";
import { measureMemory } from "./memory.ts";
import { measureMoving } from "./moving.ts";
import { measureNames } from "./names.ts";
import { measureRatings } from "./ratings.ts";
import { measureReads } from "./reads.ts";
import { measureRegistrations } from "./registrations.ts";
import { measureTokens } from "./tokens.ts";
import { measureVisibility } from "./visibility.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  registrations: measureRegistrations,
  reads: measureReads,
  visibility: measureVisibility,
  "catch-up": measureCatchUp,
  healing: measureHealing,
  history: measureHistory,
  memory: measureMemory,
  ratings: measureRatings,
  names: measureNames,
  moving: measureMoving,
  tokens: measureTokens,
  console: measureConsole,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  process.stderr.write(
    `no such benchmark: ${unknown.join(", ")}; there are ${Object.keys(BENCHMARKS).join(", ")}\n`,
  );
  process.exit(2);
}
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  for (const { what, measured, wanted: target } of await measure()) {
    process.stdout.write(`  ${what.padEnd(66)} ${measured.padStart(14)}   ${target ?? ""}\n`);
  }
}
