/** `rollcall doctor` as it is read: what is well, what is not, and what to do about it. */
import type { Screen } from "../text/screen.ts";
import { drawSpan, drawText, type Paint } from "../text/span.ts";
import type { Check } from "./check.ts";

const SIGNS: Readonly<Record<Check["verdict"], { readonly text: string; readonly paint: Paint }>> = {
  ok: { text: "✓", paint: "green" },
  warning: { text: "!", paint: "yellow" },
  bad: { text: "✗", paint: "red" },
};
const INDENT = 2;

export function doctorLines(checks: readonly Check[], screen: Screen): string[] {
  const abouts = [...new Set(checks.map(({ about }) => about))];
  const count = (verdict: Check["verdict"]): number =>
    checks.filter((check) => check.verdict === verdict).length;
  const [bad, warnings] = [count("bad"), count("warning")];
  const verdict =
    bad > 0
      ? { text: `${bad} to be mended, ${warnings} to be looked at.`, paint: "red" as const }
      : warnings > 0
        ? {
            text: `Nothing that keeps it from serving; ${warnings} to be looked at.`,
            paint: "yellow" as const,
          }
        : { text: "All is well.", paint: "green" as const };
  return [
    ...abouts.flatMap((about) => [
      drawSpan({ text: about, paint: "bold" }, screen),
      ...checks.filter((check) => check.about === about).flatMap((check) => checkLines(check, screen)),
      "",
    ]),
    drawSpan(verdict, screen),
  ];
}

function checkLines({ verdict, found, todo }: Check, screen: Screen): string[] {
  const [first = "", ...rest] = drawText(found, screen, INDENT);
  return [
    drawSpan(SIGNS[verdict], screen) + first.slice(1),
    ...rest,
    ...(todo === undefined ? [] : drawText({ text: `→ ${todo}`, paint: "cyan" }, screen, INDENT)),
  ];
}
