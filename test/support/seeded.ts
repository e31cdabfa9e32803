/**
 * Properties run on the same cases every time. Others: `SEED=17 npx vitest run <file>`; a failure prints its seed
 * and the path to its least case.
 */
export function seeded(numRuns: number): { seed: number; numRuns: number } {
  return { seed: Number(process.env.SEED ?? 1), numRuns };
}
