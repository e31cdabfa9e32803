/** What the demo says of what died and came back, with servers that are made up. */
import { expect, test } from "vitest";
import type { LocalServer } from "../../../src/cli/demo/local-server.ts";
import type { VersionVector } from "../../../src/cli/demo/missed-entries.ts";
import { type Part, PartKeeper } from "../../../src/cli/demo/part-keeper.ts";

function named(name: string): LocalServer {
  return { name, pid: 7, url: `http://${name}`, isRunning: () => true } as LocalServer;
}

/** Answers one after the other, the last one again and again. */
function keeperOf(answers: Record<string, (VersionVector | undefined)[]>) {
  const said: string[] = [];
  const keeper = new PartKeeper({
    say: (text) => said.push(text),
    stopping: () => false,
    askVector: async ({ name }) => {
      const [first, ...rest] = answers[name] ?? [];
      if (rest.length > 0) answers[name] = rest;
      return first;
    },
    againAfterMs: 1,
  });
  return { said, keeper };
}

test("[REP1] a server has everything it missed when it holds what the others held, and not before", async () => {
  const { said, keeper } = keeperOf({
    one: [{ a: 3 }, undefined, { a: 3 }, { a: 5, b: 1 }, { a: 5, b: 2 }],
    two: [{ a: 5, b: 1 }, { a: 900 }],
    three: [{ a: 4, b: 2 }, { a: 900 }],
    four: [undefined],
  });
  await keeper.tellBack(named("one"), [named("two"), named("three"), named("four")]);
  expect(said).toEqual([
    "one is back as process 7; entries that others hold and it has yet to get: 4",
    "one is back as process 7; entries that others hold and it has yet to get: 1",
    "one is back as process 7, with everything it missed: http://one",
  ]);
});

test("a server that nobody can be compared with is not said to have everything", async () => {
  const { said, keeper } = keeperOf({ one: [{ a: 3 }], two: [undefined] });
  await keeper.tellBack(named("one"), [named("two")]);
  expect(said).toEqual([
    "one is back as process 7, and no other server answers that it could hear from: http://one",
  ]);
});

test("a part that does not start is told of and started again, until the demo stops", async () => {
  const said: string[] = [];
  let starts = 0;
  let stopping = false;
  const part: Part = {
    ended: Promise.resolve({ code: null, signal: "SIGKILL" }),
    async start() {
      starts++;
      if (starts < 3) throw new RangeError("its port is taken");
    },
  };
  const keeper = new PartKeeper({
    say: (text) => said.push(text),
    stopping: () => stopping,
    askVector: async () => undefined,
    againAfterMs: 1,
  });
  const back = async (): Promise<void> => {
    said.push("back");
    stopping = true;
  };
  await keeper.keep({ part, name: "it", meanwhile: "Wait.", restartAfterMs: 1, back });
  const again = "it does not start, and is tried again: its port is taken";
  expect(said).toEqual(["it ended (SIGKILL). Wait.", again, again, "back"]);
});
