import { expect, it } from "vitest";
import { HedgeDelay } from "../../../src/client/hedge-delay.ts";

function after(latenciesMs: readonly number[]): number {
  const delay = new HedgeDelay();
  for (const latencyMs of latenciesMs) delay.observe(latencyMs);
  return delay.ms();
}

it("is the 95th percentile of the latest reads", () => {
  const hundreds = Array.from({ length: 20 }, (_, index) => 100 + index);
  expect(after(hundreds)).toBe(118);
  expect(after([...Array(1_000).fill(400), ...Array(64).fill(50)])).toBe(50);
});

it("is a fixed one while a percentile would say nothing", () => {
  expect(after([])).toBe(250);
  expect(after(Array(15).fill(30))).toBe(250);
  expect(after(Array(16).fill(30))).toBe(30);
});

it("has bounds", () => {
  expect(after(Array(64).fill(1))).toBe(20);
  expect(after(Array(64).fill(5_000))).toBe(500);
});
