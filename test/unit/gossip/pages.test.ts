import { expect, it } from "vitest";
import { cutToPages } from "../../../src/gossip/pages.ts";

it("cuts a list in order, by both limits; what is too large by itself stands alone", () => {
  const limits = { itemsMax: 3, bytesMax: 10, bytesOf: (item: number) => item };
  expect(cutToPages([1, 1, 1, 1], limits)).toEqual([[1, 1, 1], [1]]);
  expect(cutToPages([5, 5, 5], limits)).toEqual([[5, 5], [5]]);
  expect(cutToPages([20, 1, 30], limits)).toEqual([[20], [1], [30]]);
  expect(cutToPages([], limits)).toEqual([]);
});
