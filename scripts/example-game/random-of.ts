/**
 * Randomness by seed and purpose. What is drawn for one purpose moves nothing that is drawn for another, so a bot
 * decides the same however often others did before it.
 */
import { createHash } from "node:crypto";
import { Random } from "../../src/lab/random.ts";

export function randomOf(seed: number, ...purpose: readonly (string | number)[]): Random {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...purpose]))
    .digest();
  return new Random(digest.readUInt32BE());
}
