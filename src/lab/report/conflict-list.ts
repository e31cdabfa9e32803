/** The conflicts, each with its candidates, what stands, and why. */
import { canonicalJson, type Json } from "../../../crdt/canonical.ts";
import { type Markup, markup } from "../../markup/markup.ts";
import type { FinalState } from "../checker/final-state.ts";

type Conflict = FinalState["conflicts"][number];
type Candidate = Conflict["candidates"][number];

/** More would only repeat them. */
const SHOWN_MAX = 100;
/** What comes after them can be reached without a long way past the rest. */
const OPEN_MAX = 8;

export function conflictList(conflicts: readonly Conflict[]): Markup {
  if (conflicts.length === 0) return markup`<p>None: no two servers were told different things.</p>`;
  const count = conflicts.length;
  const shown = conflicts.slice(0, SHOWN_MAX);
  const folded = shown.slice(OPEN_MAX);
  return markup`<p>${count > SHOWN_MAX ? `The first ${SHOWN_MAX} of ${count}; a server names all of them at /v1/conflicts.` : `${count} of them.`}</p>
<ol class="conflicts">${shown.slice(0, OPEN_MAX).map(conflictItem)}</ol>
${folded.length > 0 && markup`<details><summary>${folded.length} more</summary><ol class="conflicts">${folded.map(conflictItem)}</ol></details>`}`;
}

function conflictItem(conflict: Conflict): Markup {
  const { kind, path, rule, words, documentId, candidates } = conflict;
  return markup`<li><h3>${path ?? kind} <small>rule ${rule}, document <code>${documentId}</code></small></h3>
<table><thead><tr><th>candidate</th><th>wrote</th><th>at</th><th></th></tr></thead><tbody>
${candidates.map((candidate) => candidateRow(conflict, candidate))}</tbody></table><p>${words}</p></li>
`;
}

function candidateRow(conflict: Conflict, candidate: Candidate): Markup {
  const { value, playerId, server, at } = candidate;
  const stands = isWinner(conflict, candidate);
  return markup`<tr${stands && markup` class="stands"`}><td><b>${valueText(value)}</b>${playerId !== undefined && markup` <code>${playerId}</code>`}</td>
<td>${server ?? "not known"}</td><td><time>${timeText(at)}</time></td><td>${stands && "✓ stands"}</td></tr>
`;
}

/** The winner is a value, a player, or of seats all players who have one. */
function isWinner({ kind, winner }: Conflict, { value, playerId }: Candidate): boolean {
  if (Array.isArray(winner) && kind === "seat") return winner.includes(playerId);
  if (kind === "username" || kind === "identity") return playerId === winner;
  return valueText(value) === valueText(winner);
}

export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : canonicalJson(value as Json);
}

/** The wall clock's time of day, to the millisecond, in UTC. */
export function timeText(iso: string): string {
  return /T([0-9:.]+)Z$/.exec(iso)?.[1] ?? iso;
}
