/** Of what a server shows: names, accounts, seats, results and leaderboards are as the oracle says, from the log alone. */
import { ENTRY_KIND } from "../../../crdt/entry.ts";
import { type Content, erasedIn, mapOf } from "../oracle/documents.ts";
import type { Truth } from "../oracle/truth.ts";
import type { FinalState } from "./final-state.ts";

export function* wrongNames({ server, players }: FinalState, { names }: Truth): Iterable<string> {
  const expected = new Map(names.map((name) => [name.playerId, name]));
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

/** Players are listed who are neither erased nor merged into others; their accounts, and who contends for one. */
export function* wrongAccounts({ server, players, conflicts }: FinalState, truth: Truth): Iterable<string> {
  const listed = new Set(players.map(({ id }) => id));
  for (const id of truth.players) if (!listed.has(id)) yield `${server} does not list player ${id}`;
  for (const id of listed) {
    if (!truth.players.has(id)) yield `${server} lists player ${id}, who was erased or merged into another`;
  }
  const linked = new Map(truth.documents.map(({ id, content }) => [id, accountsIn(content)]));
  for (const { id, identities = [] } of players) {
    const shown = identities.map(({ provider, subject }) => `${provider}:${subject}`).sort();
    const should = linked.get(id) ?? [];
    if (sorted(shown) !== sorted(should))
      yield `${server} shows the accounts ${sorted(shown)} of player ${id}; by the rules they are ${sorted(should)}`;
  }
  const contested = conflicts
    .filter(({ kind }) => kind === "identity")
    .map(({ candidates: [first], winner }) => sorted({ key: first?.value, ownerId: winner }));
  const should = truth.accounts.map(sorted);
  for (const one of should) if (!contested.includes(one)) yield `${server} lacks the conflict of ${one}`;
  for (const one of contested) {
    if (!should.includes(one)) yield `${server} shows a conflict of ${one}; by the rules there is none`;
  }
}

/** Of an erased player no server keeps a change, nor shows anything. */
export function* keptOfErased({ server, log }: FinalState): Iterable<string> {
  const erased = erasedIn(log);
  for (const { origin, sequence, kind, documentId, body } of log) {
    if (documentId === null || kind === ENTRY_KIND.erasure || !erased.has(documentId)) continue;
    if (body.length > 0) yield `${server} keeps ${origin}:${sequence} of ${documentId}, which was erased`;
  }
}

export function* wrongSeats({ server, matches }: FinalState, truth: Truth): Iterable<string> {
  const expected = new Map(truth.matches.map((match) => [match.id, match]));
  for (const { id, players } of matches) {
    const seats = JSON.stringify(players.map(({ playerId, status }) => ({ playerId, status })));
    const should = JSON.stringify(expected.get(id)?.seats);
    if (seats !== should)
      yield `${server} shows the seats ${seats} of match ${id}; by the rules they are ${should}`;
  }
}

export function* wrongResults({ server, matches }: FinalState, truth: Truth): Iterable<string> {
  const expected = new Map(truth.matches.map((match) => [match.id, match]));
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
export function* wrongBoards({ server, leaderboards }: FinalState, truth: Truth): Iterable<string> {
  for (const [mode, items] of Object.entries(leaderboards)) {
    const shown = items.map(({ rank: _rank, username: _username, ...standing }) => sorted(standing));
    const should = (truth.boards.get(mode) ?? []).map(sorted);
    for (let at = 0; at < Math.max(shown.length, should.length); at++) {
      if (shown[at] === should[at]) continue;
      yield `${server} shows ${shown[at]} at rank ${at + 1} of ${mode}; by the rules it is ${should[at]}`;
      break;
    }
  }
}

export function* brokenDocuments({ server }: FinalState, { documents }: Truth): Iterable<string> {
  for (const { id, isWhole, refused } of documents) {
    if (refused > 0) yield `document ${id} of ${server} has ${refused} changes that Automerge does not take`;
    if (!isWhole) yield `document ${id} of ${server} is another one once it was saved and loaded`;
  }
}

function accountsIn(content: Content): string[] {
  return Object.keys(mapOf(content, "identities")).sort();
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort())
      : item,
  );
}
