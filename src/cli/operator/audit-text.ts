/** `rollcall audit` as it is read: when, what, who; to which document or member; and why. */
import type { AuditRecordAnswer } from "../../http/contract/audit.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, drawText } from "../text/span.ts";
import { timeWords } from "../text/time-words.ts";
import type { Items } from "./operator-api.ts";
import { shortHash } from "./short-hash.ts";

export function auditLines({ items, more }: Items<AuditRecordAnswer>, screen: Screen): string[] {
  if (items.length === 0) return ["Nothing was done by operators."];
  const lines = items.flatMap((record) => recordLines(record, screen));
  return more ? [...lines, "There are older ones: --limit shows more."] : lines;
}

function recordLines(record: AuditRecordAnswer, screen: Screen): string[] {
  const { at, action, by, operator, reason, address, server, documentId, change, member } = record;
  const who = operator === undefined ? by : `${operator} (${by})`;
  const from = address === undefined ? "" : ` from ${address}`;
  const what = [member, documentId, change === undefined ? undefined : `change ${shortHash(change)}`].filter(
    (part) => part !== undefined,
  );
  return [
    drawLine(
      [
        { text: `${timeWords(at)}  `, paint: "dim" },
        { text: action, paint: "bold" },
        `  by ${who}${from}  at ${server ?? "?"}`,
      ],
      screen,
    ),
    ...(what.length === 0 ? [] : drawText(what.join("  "), screen, 2)),
    ...(reason === undefined ? [] : drawText(`"${reason}"`, screen, 2)),
  ];
}
