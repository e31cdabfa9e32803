/** `rollcall verify` as it is read: how far it is, and at last what was looked at, what is wrong, and who differs. */
import type { VerificationAnswer } from "../../http/contract/verification.ts";
import { count } from "../import/progress-line.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, drawText, type Span } from "../text/span.ts";
import { durationWords } from "../text/time-words.ts";
import type { StatusReport } from "./server-status.ts";
import { agreementSpans } from "./status-text.ts";

/** One line, as it stands now; with why it is not known better. */
export function progressLine(progress: VerificationAnswer, screen: Screen, trouble?: string): string {
  const { part, documents, entries, faultsFound } = progress;
  const what = part === undefined ? "" : ` the ${part}${shareText(progress)}`;
  const spans: Span[] = [`verifying${what}: ${lookedAt(documents, entries)}, `, foundSpan(faultsFound)];
  if (trouble !== undefined) spans.push({ text: `; trying again: ${trouble}`, paint: "yellow" });
  return drawLine(spans, screen);
}

/** What was found at the server itself, and whether those that were asked show the same. */
export function verificationLines(
  answer: VerificationAnswer,
  report: StatusReport,
  screen: Screen,
): string[] {
  const { documents, entries, faults, faultsFound, failure, startedAt, finishedAt } = answer;
  const tookMs = Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt);
  const more = faultsFound - faults.length;
  const found: Span =
    faultsFound === 0 && !failure ? { text: faultsText(0), paint: "green" } : foundSpan(faultsFound);
  return [
    ...faults.flatMap(({ kind, documentId, detail }) => [
      drawLine([{ text: kind, paint: "red" }, documentId === undefined ? "" : `  ${documentId}`], screen),
      ...drawText(detail, screen, 2),
    ]),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
    ...(failure ? drawText({ text: `It ended too early: ${failure.detail}`, paint: "red" }, screen) : []),
    drawLine([found, ` in ${lookedAt(documents, entries)}, within ${durationWords(tookMs)}.`], screen),
    ...agreementSpans(report).flatMap((span) => drawText(span, screen)),
  ];
}

/** Of the two parts that take long it is known how much there is. */
function shareText({ part, documents, entries, expected }: VerificationAnswer): string {
  if (!expected) return "";
  if (part === "log") return percent(entries, expected.entries);
  return part === "documents" ? percent(documents, expected.documents) : "";
}

function percent(seen: number, all: number): string {
  return all === 0 ? "" : `, ${Math.min(100, Math.floor((100 * seen) / all))} %`;
}

function lookedAt(documents: number, entries: number): string {
  return `${count(documents)} documents, ${count(entries)} entries`;
}

function foundSpan(faults: number): Span {
  return { text: faultsText(faults), paint: faults > 0 ? "red" : undefined };
}

function faultsText(faults: number): string {
  return faults === 1 ? "1 fault" : `${count(faults)} faults`;
}
