/** Of the logs: every server has the same entries, without a hole. */
import type { Entry } from "../../../crdt/entry.ts";
import type { FinalState } from "./final-state.ts";

export function* differingLogs(states: readonly FinalState[]): Iterable<string> {
  const [first, ...others] = states;
  if (!first) return;
  const expected = new Map(first.log.map((entry) => [positionOf(entry), fingerprint(entry)]));
  for (const { server, log } of others) {
    const held = new Map(log.map((entry) => [positionOf(entry), fingerprint(entry)]));
    for (const [position, print] of expected) {
      if (held.get(position) === print) continue;
      yield `${server} ${held.has(position) ? "has another entry at" : "lacks"} ${position}, which ${first.server} has`;
    }
    for (const position of held.keys()) {
      if (!expected.has(position)) yield `${first.server} lacks ${position}, which ${server} has`;
    }
  }
}

export function* holes({ server, log }: FinalState): Iterable<string> {
  const next = new Map<string, number>();
  for (const { origin, sequence } of log) {
    const expected = next.get(origin) ?? 1;
    if (sequence !== expected) yield `${server} has ${origin}:${sequence} where ${expected} should be`;
    next.set(origin, sequence + 1);
  }
}

export function positionOf({ origin, sequence }: Entry): string {
  return `${origin}:${sequence}`;
}

function fingerprint({ kind, version, documentId, body }: Entry): string {
  return `${kind} ${version} ${documentId} ${Buffer.from(body).toString("base64")}`;
}
