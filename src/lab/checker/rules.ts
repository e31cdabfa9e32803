/** Of what a server shows: names, seats, results and leaderboards are as the oracle says, from the log alone. */
import { boardsOf } from "../oracle/boards.ts";
import type { OracleDocument } from "../oracle/documents.ts";
import { matchesIn } from "../oracle/matches.ts";
import { namesIn, survivorsOf } from "../oracle/names.ts";
import type { FinalState } from "./final-state.ts";

export function* wrongNames(
  { server, players }: FinalState,
  documents: readonly OracleDocument[],
): Iterable<string> {
  const expected = new Map(namesIn(documents).map((name) => [name.playerId, name]));
  for (const { id, username, usernameStatus, handle } of players) {
    const claim = expected.get(id);
    const isLost = usernameStatus === "lost";
    const name = claim?.name ?? null;
    const shown = claim?.isLost ? `${name}#${id.slice(-4)}` : name;
    if (username !== name || handle !== shown || isLost !== (claim?.isLost ?? false)) {
      yield `${server} shows player ${id} as ${handle} (${usernameStatus}); by the rules it is ${shown}`;
    }
  }
}

export function* wrongSeats(
  { server, matches }: FinalState,
  documents: readonly OracleDocument[],
): Iterable<string> {
  const expected = new Map(matchesIn(documents).map((match) => [match.id, match]));
  for (const { id, players } of matches) {
    const seats = JSON.stringify(players.map(({ playerId, status }) => ({ playerId, status })));
    const should = JSON.stringify(expected.get(id)?.seats);
    if (seats !== should)
      yield `${server} shows the seats ${seats} of match ${id}; by the rules they are ${should}`;
  }
}

export function* wrongResults(
  { server, matches }: FinalState,
  documents: readonly OracleDocument[],
): Iterable<string> {
  const expected = new Map(matchesIn(documents).map((match) => [match.id, match]));
  for (const { id, state, result } of matches) {
    const should = expected.get(id);
    const isSame = should?.state === state && sorted(should.result) === sorted(result);
    if (!isSame) {
      yield `${server} shows match ${id} ${state}, ${sorted(result)}; by the rules it is ${should?.state}, ${sorted(should?.result)}`;
    }
  }
  const listed = new Set(matches.map(({ id }) => id));
  for (const id of expected.keys()) if (!listed.has(id)) yield `${server} does not list match ${id}`;
}

/** Counting a match twice shows here, as counts are compared, and ratings to the last digit. */
export function* wrongBoards(
  { server, leaderboards }: FinalState,
  documents: readonly OracleDocument[],
): Iterable<string> {
  const expected = boardsOf(matchesIn(documents), survivorsOf(documents));
  for (const [mode, items] of Object.entries(leaderboards)) {
    const shown = items.map(({ rank: _rank, username: _username, ...standing }) => sorted(standing));
    const should = (expected.get(mode) ?? []).map(sorted);
    for (let at = 0; at < Math.max(shown.length, should.length); at++) {
      if (shown[at] === should[at]) continue;
      yield `${server} shows ${shown[at]} at rank ${at + 1} of ${mode}; by the rules it is ${should[at]}`;
      break;
    }
  }
}

export function* brokenDocuments(
  { server }: FinalState,
  documents: readonly OracleDocument[],
): Iterable<string> {
  for (const { id, isWhole } of documents) {
    if (!isWhole) yield `document ${id} of ${server} is another one once it was saved and loaded`;
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort())
      : item,
  );
}
