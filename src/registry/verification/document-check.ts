/**
 * Documents: heads, digests, rows of records and their conflicts are what the stored changes come to, by the same steps
 * as when they were received. A document whose changes are damaged is told of by the check of the log alone.
 */
import { decodeChange } from "../../../crdt/automerge.ts";
import { type ClaimKey, claimKeyText, claimsOf } from "../../../crdt/claim.ts";
import { type Conflict, conflictScope } from "../../../crdt/conflict.ts";
import { UnacceptableChangeError } from "../../../crdt/errors.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
import { matchConflicts } from "../../../crdt/match-conflicts.ts";
import { survivorsOf } from "../../../crdt/merge-group.ts";
import type { Player } from "../../../crdt/player.ts";
import type { DocumentRow, StoredChange } from "../../storage/log-store.ts";
import type { PlayerRow } from "../../storage/player-row.ts";
import type { StoreView } from "../../storage/store-view.ts";
import { bannedOf } from "../merge-book.ts";
import { TouchedDocument } from "../touched-document.ts";
import { differenceFault } from "./difference-fault.ts";
import type { Fault, Inspection } from "./fault.ts";

/** Some 30 ms of work, with what comes after it. */
const PAGE_DOCUMENTS = 100;
/** Nothing is written by it. */
const NO_ACTOR = "0".repeat(32);

interface Rebuilt {
  readonly ids: DocumentId[];
  readonly documents: DocumentRow[];
  readonly players: Player[];
  readonly matches: Match[];
  readonly conflicts: Conflict[];
}

interface LookedAt {
  readonly page: readonly DocumentRow[];
  readonly matches: readonly Match[];
}

/** Gives the modes in which a match counts. */
export async function checkDocuments(inspection: Inspection): Promise<Set<string>> {
  const modes = new Set<string>();
  // What comes behind it meanwhile is not chased: ids grow with time.
  const last = await inspection.look((view) => view.lastDocument());
  let after: DocumentId | undefined;
  for (;;) {
    const { page, matches } = await inspection.look(async (view, found): Promise<LookedAt> => {
      const rows = await view.documentsAfter(after, PAGE_DOCUMENTS);
      const rebuilt = await rebuild(view, rows, inspection, found);
      await compare(view, rebuilt, found);
      return { page: rows, matches: rebuilt.matches };
    });
    for (const { mode, state, result } of matches) {
      if (state === "finished" && result.status === "settled") modes.add(mode);
    }
    inspection.counted.documents += page.filter(({ erased, stateDigest }) => stateDigest && !erased).length;
    after = page.at(-1)?.id;
    if (after === undefined || last === undefined || after >= last) return modes;
  }
}

async function rebuild(
  view: StoreView,
  rows: readonly DocumentRow[],
  inspection: Inspection,
  found: (fault: Fault) => void,
): Promise<Rebuilt> {
  const rebuilt: Rebuilt = { ids: [], documents: [], players: [], matches: [], conflicts: [] };
  const changes = await view.changes(rows.map(({ id }) => id));
  for (const row of rows) {
    await inspection.giveWay();
    if (row.erased && !(await view.erasureOf(row.id))) {
      found({ kind: "document", documentId: row.id, detail: "it is kept as erased, and no entry erases it" });
      continue;
    }
    const document = new TouchedDocument(row.id, row.kind, NO_ACTOR, undefined, row.erased ? row : undefined);
    try {
      if (!row.erased && !receive(document, changes.get(row.id) ?? [], found)) continue;
      const result = document.result();
      const current = document.current();
      rebuilt.ids.push(row.id);
      rebuilt.documents.push(result.row);
      rebuilt.conflicts.push(...(result.fieldConflicts ?? []));
      if (current?.kind === "player") rebuilt.players.push(current.player);
      if (current?.kind === "match") {
        rebuilt.matches.push(current.match);
        rebuilt.conflicts.push(...matchConflicts(current.match));
      }
    } finally {
      document.document.abandon();
    }
  }
  return rebuilt;
}

/** False when a change is not what was written, or could not be taken. */
function receive(
  document: TouchedDocument,
  changes: readonly StoredChange[],
  found: (fault: Fault) => void,
): boolean {
  const decoded = [];
  try {
    for (const { bytes, hash, position } of changes)
      decoded.push({ change: decodeChange(bytes, hash), position });
  } catch (error) {
    if (error instanceof UnacceptableChangeError) return false;
    throw error;
  }
  try {
    for (const { change, position } of decoded) document.receive(change, position);
    return true;
  } catch (error) {
    if (!(error instanceof UnacceptableChangeError)) throw error;
    const detail = `one of its changes cannot be applied, and is not set aside: ${error.reason}`;
    found({ kind: "document", documentId: document.id, detail });
    return false;
  }
}

async function compare(view: StoreView, rebuilt: Rebuilt, found: (fault: Fault) => void): Promise<void> {
  const { ids, documents, matches, conflicts } = rebuilt;
  const players = await playerRows(view, rebuilt.players);
  const differences = await view.differences({
    documentIds: ids,
    documents,
    players,
    matches,
    claimKeys: [],
    claims: [],
    conflictScopes: ids.flatMap((id) => [conflictScope("field", id), conflictScope("match", id)]),
    conflicts,
  });
  for (const difference of differences) found(differenceFault(difference));
  await compareClaims(view, players, found);
}

/** With what follows for each player from those it was merged with. */
async function playerRows(view: StoreView, players: readonly Player[]): Promise<PlayerRow[]> {
  const stored = new Map(
    (await view.mergeGroup(players.map(({ id }) => id))).map((row) => [row.player.id, row]),
  );
  const all = new Map([...stored].map(([id, { player }]) => [id, player]));
  for (const player of players) all.set(player.id, player);
  const named = [...all.values()].flatMap(({ mergedWith }) => mergedWith);
  const erased =
    named.length === 0 ? [] : [...(await view.documents(named)).values()].filter((row) => row.erased);
  const survivors = survivorsOf(all.values(), new Set(erased.map(({ id }) => id)));
  const present = new Map([...survivors].filter(([id]) => all.has(id)));
  const banned = bannedOf(present, all);
  return players.map((player) => ({
    player,
    survivorId: present.get(player.id) ?? player.id,
    bannedUntilMs: banned.get(player.id) ?? null,
    // This server's own knowledge, which does not follow from the documents.
    usernamePosition: player.usernameClaim ? (stored.get(player.id)?.usernamePosition ?? null) : null,
  }));
}

/** What a player claims stands in its group. What else stands there is the concern of the check of claims. */
async function compareClaims(
  view: StoreView,
  players: readonly PlayerRow[],
  found: (fault: Fault) => void,
): Promise<void> {
  const claimed = players.flatMap(({ player, survivorId }) => [...claimsOf(player, survivorId)]);
  const keys = new Map<string, ClaimKey>();
  for (const { kind, key } of claimed) keys.set(claimKeyText(kind, key), { kind, key });
  const groups = new Map(
    (await view.claims([...keys.values()])).map((group) => [claimKeyText(group.kind, group.key), group]),
  );
  for (const { kind, key, claim } of claimed) {
    const group = groups.get(claimKeyText(kind, key));
    if (group?.claims.some(({ playerId }) => playerId === claim.playerId)) continue;
    found({ kind: "claim", documentId: claim.playerId, detail: `its claim on ${aOf(kind)} is not kept` });
  }
}

function aOf(kind: ClaimKey["kind"]): string {
  return kind === "username" ? "a name" : "an identity";
}
