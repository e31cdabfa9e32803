import { expect, it } from "vitest";
import { wordsOfChange } from "../../../crdt/change-words.ts";

const A = "01a21a49-dcee-7108-a04f-c2815f19df78";
const B = "01a21a49-dd01-759d-a32a-e9ab1e59cfee";

it("[HIS1] says a settlement with its ranking and why", () => {
  const change = {
    hash: "0".repeat(64),
    actor: "0".repeat(32),
    note: { stamp: "0123456789abcdef", reason: "settle" },
    sets: [{ path: `settlements/${A}`, to: `0123456789abcdef ${A}=1,${B}=2 it was filmed` }],
  };
  expect(wordsOfChange(change, [], () => "eu-1")).toBe(
    `eu-1 settled the result: the ranking ${A}=1, ${B}=2, because "it was filmed"`,
  );
});

it("[HIS1] says a report and its ranking as a sentence, with whole ids", () => {
  const change = {
    hash: "0".repeat(64),
    actor: "0".repeat(32),
    note: undefined,
    sets: [
      { path: `reports/${A}`, to: `0123456789abcdef ${"0".repeat(32)}` },
      { path: `reports/ranking/${"0".repeat(32)}`, to: `${A}=1,${B}=2` },
    ],
  };
  expect(wordsOfChange(change, [], () => "eu-1")).toBe(
    `eu-1 reported a result for ${A} and noted the ranking ${A}=1, ${B}=2`,
  );
});
