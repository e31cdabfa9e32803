/** `rollcall conflicts` as it is read: of each what stood against what, which of it stands, and the rule in words. */
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, drawText, type Span } from "../text/span.ts";
import { type Column, drawTable } from "../text/table.ts";
import { timeWords } from "../text/time-words.ts";
import { valueWords } from "../text/value-words.ts";
import type { Items } from "./operator-api.ts";
import { shortHash } from "./short-hash.ts";

type Candidate = ConflictAnswer["candidates"][number];

const COLUMNS: readonly Column[] = [
  { head: "  value", least: 10 },
  { head: "player" },
  { head: "server", least: 8 },
  { head: "at (UTC)" },
  { head: "change", spare: 1 },
];

export function conflictLines({ items, more }: Items<ConflictAnswer>, screen: Screen): string[] {
  if (items.length === 0) return ["No conflicts."];
  const blocks = items.flatMap((conflict) => [...conflictBlock(conflict, screen), ""]);
  return more ? [...blocks, "There are older ones: --limit shows more."] : blocks.slice(0, -1);
}

function conflictBlock(conflict: ConflictAnswer, screen: Screen): string[] {
  const { kind, path, documentId, rule, words, candidates } = conflict;
  const playerIds = new Set(candidates.map(({ playerId }) => playerId));
  // Where all are of the document itself, its id is said already.
  const ofOne = playerIds.size === 1 && (playerIds.has(undefined) || playerIds.has(documentId));
  const columns = COLUMNS.filter(({ head }) => head !== "player" || !ofOne);
  const rows = candidates.map((candidate) => {
    const isWinner = wins(candidate, conflict);
    const value: Span = {
      text: `${isWinner ? "●" : "○"} ${valueWords(candidate.value)}`,
      paint: isWinner ? "green" : undefined,
    };
    const player = candidate.playerId ?? "";
    const change: Span = { text: shortHash(candidate.change ?? ""), paint: "yellow" };
    const rest: Span[] = [candidate.server ?? "?", timeWords(candidate.at), change];
    return ofOne ? [value, ...rest] : [value, player, ...rest];
  });
  return [
    drawLine(
      [
        { text: path ? `${kind} ${path}` : kind, paint: "bold" },
        `  ${documentId}  `,
        { text: `rule ${rule}`, paint: "dim" },
      ],
      screen,
    ),
    ...drawTable(columns, rows, screen),
    ...drawText(words, screen, 2),
  ];
}

/** The winner is a value, or the player who has it. */
function wins({ value, playerId }: Candidate, { winner }: ConflictAnswer): boolean {
  if (winner === null || winner === undefined) return false;
  if (playerId !== undefined && playerId === winner) return true;
  return JSON.stringify(value) === JSON.stringify(winner);
}
