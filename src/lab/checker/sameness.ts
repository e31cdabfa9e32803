/** Of what servers show: all show the same. */
import type { FinalState } from "./final-state.ts";

export function* differences(states: readonly FinalState[]): Iterable<string> {
  const [first, ...others] = states.map(shown);
  if (!first) return;
  for (const other of others) {
    for (const [what, value] of other.parts) {
      const expected = first.parts.get(what);
      if (expected !== value)
        yield `${other.server} and ${first.server} differ in ${what}: ${value} and ${expected}`;
    }
    for (const what of first.parts.keys()) {
      if (!other.parts.has(what)) yield `${other.server} lacks ${what}, which ${first.server} shows`;
    }
  }
}

interface Shown {
  readonly server: string;
  readonly parts: ReadonlyMap<string, string>;
}

function shown(state: FinalState): Shown {
  const { server, digest, players, matches, conflicts, leaderboards } = state;
  const parts = new Map<string, string>([
    ["the digest", JSON.stringify({ ...digest, versionVector: Object.entries(digest.versionVector).sort() })],
    ["the order of conflicts", conflicts.map(({ id }) => id).join(" ")],
  ]);
  for (const player of players) {
    const { usernameStatus } = player;
    // Which of these two a name is, is what a server knows at the moment (CLM2).
    const isOwned = usernameStatus === "provisional" || usernameStatus === "confirmed";
    const known = { ...player, usernameStatus: isOwned ? "owned" : usernameStatus };
    parts.set(`player ${player.id}`, JSON.stringify(known));
  }
  for (const match of matches) parts.set(`match ${match.id}`, JSON.stringify(match));
  for (const conflict of conflicts) parts.set(`conflict ${conflict.id}`, JSON.stringify(conflict));
  for (const [mode, items] of Object.entries(leaderboards)) {
    parts.set(`leaderboard ${mode}`, JSON.stringify(items));
  }
  return { server, parts };
}
