/** Who plays: the bots of a seed, each with the account and the skill that it has in every game of that seed. */
import { randomOf } from "./random-of.ts";

export interface BotProfile {
  readonly number: number;
  readonly username: string;
  /** What a device would make once and keep. Whoever knows the seed knows it: bots have nothing to lose. */
  readonly deviceSecret: string;
  readonly region: string;
  readonly platform: string;
  readonly skill: number;
}

/** Of somebody of whom nothing is known, and in the middle of what bots have. */
export const SKILL_DEFAULT = 1_000;
/** From the middle to the best and to the worst. */
const SKILL_SPREAD = 400;
/** 128 bits, as a device's secret should have. */
const SECRET_DIGITS = 32;

const NAMES = [
  "Ada",
  "Alan",
  "Barbara",
  "Edsger",
  "Grace",
  "Katherine",
  "Leslie",
  "Margaret",
  "Niklaus",
  "Radia",
];
const REGIONS = ["eu", "us", "asia"];
const PLATFORMS = ["pc", "console", "mobile"];

export function rosterOf(seed: number, bots: number): BotProfile[] {
  return Array.from({ length: bots }, (_, index) => {
    const number = index + 1;
    const random = randomOf(seed, "bot", number);
    return {
      number,
      username: `${random.pick(NAMES)}-${seed}-${number}`,
      deviceSecret: random.hex(SECRET_DIGITS),
      region: random.pick(REGIONS),
      platform: random.pick(PLATFORMS),
      skill: random.between(SKILL_DEFAULT - SKILL_SPREAD, SKILL_DEFAULT + SKILL_SPREAD),
    };
  });
}
