/**
 * The tests, in the order in which they run: the cheap and certain first.
 *
 * Projects with equal `groupOrder` run side by side, groups one after another. Real processes are timed by
 * heartbeats and leases, so nothing that burns a whole core may run beside them: the simulation has a group
 * of its own, and the fault tests, which start whole clusters, run one file at a time.
 */
import { defineConfig } from "vitest/config";

/** A file of these starts databases, brokers or whole servers; a slow machine gets the time it needs. */
const REAL_PARTS_TIMEOUT_MS = 60_000;

/** These take milliseconds, and may have to share the machine with whatever else it does. */
const UNIT_TIMEOUT_MS = 30_000;

/** Two hundred seeds in one test are allowed three minutes (the budget of CI). */
const SIMULATION_TIMEOUT_MS = 180_000;

/** Two files at a time fill the smallest machine we promise to work on; more would only contend there. */
const WORKERS = 2;

const REGISTERED = "test/support/registered-worker.ts";

const withRealParts = {
  globalSetup: ["test/support/global-setup.ts"],
  setupFiles: [REGISTERED],
  testTimeout: REAL_PARTS_TIMEOUT_MS,
  hookTimeout: REAL_PARTS_TIMEOUT_MS,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/property/**/*.test.ts"],
          testTimeout: UNIT_TIMEOUT_MS,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/**/*.test.ts"],
          testTimeout: SIMULATION_TIMEOUT_MS,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          ...withRealParts,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          ...withRealParts,
          setupFiles: [REGISTERED, "test/support/check-answers.ts"],
          maxWorkers: WORKERS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "fault",
          include: ["test/fault/**/*.test.ts"],
          ...withRealParts,
          setupFiles: [REGISTERED, "test/support/check-answers.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          ...withRealParts,
          setupFiles: [REGISTERED, "test/support/check-answers.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
