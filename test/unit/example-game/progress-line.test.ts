import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProgressLine } from "../../../scripts/example-game/progress-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Screen {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 10;

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

test("a terminal has one line, rewritten and never wider than it", () => {
  const screen = new Screen(true);
  let round = 0;
  const line = new ProgressLine(screen, () => `round ${++round} of a hundred`);
  vi.advanceTimersByTime(400);
  line.end();
  expect(screen.text).toBe("\r\u001b[2Kround 1 o\r\u001b[2Kround 2 o\r\u001b[2Kround 3 o\n");
});

test("a file has whole lines, fewer of them", () => {
  const screen = new Screen(false);
  let round = 0;
  const line = new ProgressLine(screen, () => `round ${++round} of a hundred`);
  vi.advanceTimersByTime(5_000);
  line.end();
  vi.advanceTimersByTime(60_000);
  expect(screen.text).toBe("round 1 of a hundred\nround 2 of a hundred\n");
});
