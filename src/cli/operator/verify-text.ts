/** `rollcall verify` as it is read: how far it is, and at last what was looked at and what is wrong. */
import type { VerificationAnswer } from "../../http/contract/verification.ts";
import { count } from "../import/progress-line.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, drawText, type Span } from "../text/span.ts";
import { durationWords } from "../text/time-words.ts";

/** One line, as it stands now. */
export function progressLine(
  { documents, entries, faultsFound }: VerificationAnswer,
  screen: Screen,
): string {
  const faults: Span = { text: faultsText(faultsFound), paint: faultsFound > 0 ? "red" : undefined };
  return drawLine([`verifying: ${lookedAt(documents, entries)}, `, faults], screen);
}

export function verificationLines(answer: VerificationAnswer, screen: Screen): string[] {
  const { documents, entries, faults, faultsFound, startedAt, finishedAt } = answer;
  const tookMs = Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt);
  const more = faultsFound - faults.length;
  return [
    ...faults.flatMap(({ kind, documentId, detail }) => [
      drawLine([{ text: kind, paint: "red" }, documentId === undefined ? "" : `  ${documentId}`], screen),
      ...drawText(detail, screen, 2),
    ]),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
    drawLine(
      [
        { text: faultsText(faultsFound), paint: faultsFound > 0 ? "red" : "green" },
        ` in ${lookedAt(documents, entries)}, within ${durationWords(tookMs)}.`,
      ],
      screen,
    ),
  ];
}

function lookedAt(documents: number, entries: number): string {
  return `${count(documents)} documents, ${count(entries)} entries`;
}

function faultsText(faults: number): string {
  return faults === 1 ? "1 fault" : `${count(faults)} faults`;
}
