import { expect, it } from "vitest";
import { POSITIONS_MAX, PositionKeeper } from "../../../src/client/position-keeper.ts";

const origin = (number: number): string => number.toString(16).padStart(32, "0");
const ONE = origin(1);
const OTHER = origin(2);

it("keeps the highest sequence of each origin, whatever the order of the answers", () => {
  const keeper = new PositionKeeper();
  for (const position of [`${ONE}:7`, `${OTHER}:2`, `${ONE}:3`]) keeper.note(position);
  expect(keeper.all().sort()).toEqual([`${ONE}:7`, `${OTHER}:2`]);
});

it("keeps no more than one header may have, and those that were written last", () => {
  const keeper = new PositionKeeper([`${ONE}:9`]);
  for (let number = 100; number < 100 + POSITIONS_MAX - 1; number++) keeper.note(`${origin(number)}:1`);
  keeper.note(`${ONE}:10`);
  keeper.note(`${OTHER}:1`);
  expect(keeper.all()).toHaveLength(POSITIONS_MAX);
  expect(keeper.all().slice(-2)).toEqual([`${ONE}:10`, `${OTHER}:1`]);
  expect(keeper.all()).not.toContain(`${origin(100)}:1`);
});

it("forgets what was given up, and not what was written since", () => {
  const keeper = new PositionKeeper([`${ONE}:7`, `${OTHER}:2`]);
  const waitedFor = keeper.all();
  keeper.note(`${ONE}:8`);
  keeper.forget(waitedFor);
  expect(keeper.all()).toEqual([`${ONE}:8`]);
});

it.each(["", "eu-1:7", `${ONE}:07`, `${ONE}:1, ${OTHER}:1`, `${ONE}:-1`])(
  "ignores what is no position: %j",
  (text) => {
    expect(new PositionKeeper([text]).all()).toEqual([]);
  },
);
