/** All checks of a run, in the order in which a person would ask: was anything lost; do all agree; are the rules kept. */
import type { RecordedCall } from "../history.ts";
import { truthOf } from "../oracle/truth.ts";
import type { Random } from "../random.ts";
import type { FinalState } from "./final-state.ts";
import type { Check, Finding } from "./finding.ts";
import { differingLogs, holes } from "./logs.ts";
import { rebuiltOtherwise } from "./rebuild.ts";
import {
  brokenDocuments,
  keptOfErased,
  wrongAccounts,
  wrongBoards,
  wrongNames,
  wrongResults,
  wrongSeats,
} from "./rules.ts";
import { differences } from "./sameness.ts";
import { brokenWrites, lostWrites, refusedWritesThatStand, writtenIn } from "./writes.ts";

/** More of one kind would only repeat it. */
const FINDINGS_MAX = 20;

export async function judge(
  calls: readonly RecordedCall[],
  states: readonly FinalState[],
  random: Random,
): Promise<Check[]> {
  const logs = states.map(writtenIn);
  const [first] = states;
  const truth = truthOf(first?.log ?? []);
  const ofEach = (look: (state: FinalState) => Iterable<string>) =>
    states.flatMap((state) => [...look(state)]);
  return Promise.all([
    check("acknowledged writes", "every acknowledged write is on all servers", lostWrites(calls, logs)),
    check("refused writes", "no refused write is on any", refusedWritesThatStand(calls, logs)),
    check("whole writes", "every write is on all servers or on none, and once", brokenWrites(calls, logs)),
    check("logs", "all servers have the same entries, without holes", [
      ...differingLogs(states),
      ...ofEach(holes),
    ]),
    check("same everywhere", "all servers show the same, to the last byte", differences(states)),
    check(
      "rebuilt",
      "the log alone gives the same state, in any order, delivered twice",
      first ? rebuiltOtherwise(first, random) : [],
    ),
    check(
      "names",
      "names belong to whom the rules say",
      ofEach((state) => wrongNames(state, truth)),
    ),
    check(
      "accounts",
      "players and their accounts are those that the rules say",
      ofEach((state) => wrongAccounts(state, truth)),
    ),
    check("erasures", "of erased players nothing is kept", ofEach(keptOfErased)),
    check(
      "seats",
      "seats are taken by whom the rules say",
      ofEach((state) => wrongSeats(state, truth)),
    ),
    check(
      "results",
      "matches end as the rules say",
      ofEach((state) => wrongResults(state, truth)),
    ),
    check(
      "leaderboards",
      "every match counts once, and ratings are right to the last digit",
      ofEach((state) => wrongBoards(state, truth)),
    ),
    check(
      "documents",
      "every document takes all of its changes, and can be saved and loaded",
      first ? brokenDocuments(first, truth) : [],
    ),
  ]);
}

async function check(
  name: string,
  promise: string,
  found: Iterable<string> | AsyncIterable<string>,
): Promise<Check> {
  const findings: Finding[] = [];
  for await (const words of found) {
    findings.push({ check: name, words });
    if (findings.length === FINDINGS_MAX) break;
  }
  return { name, promise, findings };
}
