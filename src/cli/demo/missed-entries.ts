/**
 * Whether a server that was away has everything that the others held when it came back.
 *
 * Its version vector is compared with theirs of that moment: what they write meanwhile was not missed, and would
 * never let it be done.
 */
import { z } from "zod";

/** By origin, how many of its entries a server holds. */
export type VersionVector = Readonly<Record<string, number>>;

export interface AskedServer {
  readonly name: string;
  readonly url: string;
  isRunning(): boolean;
}

/** What a server holds; nothing, if it does not answer. */
export type AskVector = (server: AskedServer) => Promise<VersionVector | undefined>;

const digest = z.object({ versionVector: z.record(z.string(), z.int()) });
const ANSWER_WITHIN_MS = 2_000;

export function askDigest(opsToken: string): AskVector {
  return async ({ url }) => {
    try {
      const answer = await fetch(`${url}/v1/cluster/digest`, {
        headers: { authorization: `Bearer ${opsToken}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const read = digest.safeParse(await answer.json());
      return read.success ? read.data.versionVector : undefined;
    } catch {
      // Whatever kept it from answering: the caller asks again, or another one.
      return undefined;
    }
  };
}

/** What any of these holds. */
export function union(vectors: readonly VersionVector[]): VersionVector {
  const all: Record<string, number> = {};
  for (const vector of vectors) {
    for (const [origin, entries] of Object.entries(vector)) all[origin] = Math.max(all[origin] ?? 0, entries);
  }
  return all;
}

/** How many entries of `wanted` are not in `held`. */
export function missingIn(held: VersionVector, wanted: VersionVector): number {
  return Object.entries(wanted).reduce(
    (missing, [origin, entries]) => missing + Math.max(0, entries - (held[origin] ?? 0)),
    0,
  );
}
