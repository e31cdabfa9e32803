/**
 * Properties run on the same cases every time. Others: `SEED=17 npx vitest run <file>`; a failure prints its seed
 * and the path to its least case. When the time is over, a machine too slow for all cases has tried those that
 * it could, and a failure is shown as far as it was made smaller.
 */
const TIME_MS_MAX = 15_000;

export function seeded(numRuns: number): { seed: number; numRuns: number; interruptAfterTimeLimit: number } {
  return { seed: Number(process.env.SEED ?? 1), numRuns, interruptAfterTimeLimit: TIME_MS_MAX };
}
