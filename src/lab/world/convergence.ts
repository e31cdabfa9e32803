/** Whether servers hold the same: how far apart they are at a moment, and waiting until they agree. */
import { setTimeout as delay } from "node:timers/promises";
import type { DigestAnswer } from "../../http/contract/cluster.ts";
import type { LagSample } from "../history.ts";
import { LabError } from "../lab-error.ts";
import { askDigest } from "./ask.ts";
import type { Server } from "./world.ts";

const ASK_EVERY_MS = 20;
const ANSWER_WITHIN_MS = 1_000;

/** Until all of them hold the same entries and show the same state. @throws LabError */
export async function agreed(servers: readonly Server[], token: string, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const digests = await digestsOf(servers, token);
    const [first, ...others] = digests.map((digest) => digest && JSON.stringify(inOrder(digest)));
    if (first !== undefined && others.every((other) => other === first)) return;
    if (performance.now() > deadline) {
      const apart = servers.map(({ name }, index) => `${name}: ${summary(digests[index])}`).join("; ");
      throw new LabError("not-converged", `after ${withinMs / 1_000} s servers differ: ${apart}`);
    }
    await delay(ASK_EVERY_MS);
  }
}

/** What each server lacks of all that any of them holds. */
export async function lagOf(servers: readonly Server[], token: string): Promise<LagSample["missing"]> {
  const digests = await digestsOf(servers, token);
  const known: Record<string, number> = {};
  for (const digest of digests) {
    for (const [origin, sequence] of Object.entries(digest?.versionVector ?? {})) {
      known[origin] = Math.max(known[origin] ?? 0, sequence);
    }
  }
  const all = sum(Object.values(known));
  return Object.fromEntries(
    servers.map(({ name }, index) => {
      const digest = digests[index];
      return [name, digest ? all - sum(Object.values(digest.versionVector)) : null];
    }),
  );
}

function digestsOf(servers: readonly Server[], token: string): Promise<(DigestAnswer | undefined)[]> {
  return Promise.all(servers.map(({ url }) => askDigest({ url, token }, ANSWER_WITHIN_MS)));
}

function inOrder({ versionVector, ...digest }: DigestAnswer): object {
  return { ...digest, versionVector: Object.entries(versionVector).sort() };
}

function summary(digest: DigestAnswer | undefined): string {
  if (!digest) return "no answer";
  return `${digest.entries} entries, heads ${digest.headsDigest.slice(0, 8)}, state ${digest.stateDigest.slice(0, 8)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
