/**
 * Whatever a server calls stable, every member holds, with everything that was written in ignorance of it, and
 * nothing that is still to come was written by anyone who did not hold both: three to five servers that write, restart, and hear of each other late, twice or not at all.
 */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { entriesBehind } from "../../crdt/version-vector.ts";
import { seeded } from "../support/seeded.ts";
import { StabilityModel } from "../support/stability-model.ts";

const STEPS_MAX = 200;
/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;

type Step = (model: StabilityModel) => void;
type Server = StabilityModel["servers"][number];

const which = fc.nat(59); // a multiple of 3, 4 and 5
const some = fc.nat(9);

function of(model: StabilityModel, number: number): Server {
  const server = model.servers[number % model.servers.length];
  if (!server) throw new RangeError("a model has servers");
  return server;
}

let advances = 0;

/** Advances, and holds what is stable then against what only the model knows. */
function advance(model: StabilityModel, server: Server): void {
  const before = server.stability.vector;
  if (model.advance(server)) advances++;
  const stable = server.stability.vector;
  expect(entriesBehind(stable, before), "stable entries are stable for good").toBe(0);
  for (const { name, held } of model.servers) {
    expect(entriesBehind(held, stable), `${server.name} says that ${name} holds what it does not`).toBe(0);
  }
  const ignorant = model.writtenInIgnoranceOf(stable);
  for (const known of model.knownToTheMissing(server)) {
    expect(entriesBehind(known, stable), `${server.name} lacks what was written in ignorance`).toBe(0);
    expect(entriesBehind(known, ignorant), `${server.name} lacks what may bring back the ignorant`).toBe(0);
  }
  for (const { name, held } of model.servers) {
    expect(entriesBehind(held, ignorant), `${name} lacks what was written in ignorance`).toBe(0);
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: which.map(
      (at): Step =>
        (model) =>
          model.write(of(model, at)),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(which, which, some, some).map(
      ([from, to, choice, count]): Step =>
        (model) => {
          model.carry(of(model, from), of(model, to), choice, count);
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(which, which).map(
      ([from, to]): Step =>
        (model) => {
          model.carryAll(of(model, from), of(model, to));
        },
    ),
  },
  {
    weight: 4,
    arbitrary: which.map(
      (at): Step =>
        (model) =>
          void model.say(of(model, at)),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(which, some).map(
      ([at, ago]): Step =>
        (model) => {
          const statement = model.said.at(-1 - ago);
          if (statement) model.hear(of(model, at), statement);
        },
    ),
  },
  {
    weight: 6,
    arbitrary: which.map(
      (at): Step =>
        (model) =>
          advance(model, of(model, at)),
    ),
  },
  {
    weight: 1,
    arbitrary: which.map(
      (at): Step =>
        (model) =>
          model.start(of(model, at)),
    ),
  },
);

const runs = fc.record({
  count: fc.integer({ min: 3, max: 5 }),
  steps: fc.array(step, { maxLength: STEPS_MAX, size: "max" }),
});

describe("what is stable", { timeout: SLOW_MACHINE_MS }, () => {
  it("[STB1] [STB2] every member holds it and all that was written without it, and so did who wrote what is to come", () => {
    fc.assert(
      fc.property(runs, ({ count, steps }) => {
        const model = new StabilityModel(count);
        for (const take of steps) take(model);
      }),
      seeded(300),
    );
  });

  it("[CLM2] comes to be everything, once all is everywhere and everyone has said so", () => {
    fc.assert(
      fc.property(runs, ({ count, steps }) => {
        const model = new StabilityModel(count);
        for (const take of steps) take(model);
        for (const to of model.servers) for (const from of model.servers) model.carryAll(from, to);
        for (const to of model.servers) for (const from of model.servers) model.carryAll(from, to);
        const statements = model.servers.map((server) => model.say(server));
        for (const server of model.servers) {
          for (const statement of statements) model.hear(server, statement);
          advance(model, server);
          expect(server.stability.vector).toEqual(server.held);
        }
      }),
      seeded(100),
    );
  });
});

afterAll(() => {
  expect(advances, "something must have become stable").toBeGreaterThan(300);
});
