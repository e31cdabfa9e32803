import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OverloadedError } from "../../../src/storage/errors.ts";
import { GroupWriter } from "../../../src/storage/group-writer.ts";
import { settled } from "../../support/settled.ts";

interface Task {
  readonly name: string;
  readonly weight: number;
  readonly patient?: boolean;
}

/** A writer whose writes end when they are told to. */
function testWriter(limits: { groupWeightMax?: number; queueWeightMax?: number } = {}) {
  const groups: string[][] = [];
  const running: (() => void)[] = [];
  const write = (group: readonly Task[]): Promise<void> => {
    groups.push(group.map(({ name }) => name));
    return new Promise((resolve) => running.push(resolve));
  };
  const pauses: (() => void)[] = [];
  const pause = (): Promise<void> => new Promise((resolve) => pauses.push(resolve));
  const writer = new GroupWriter<Task>({
    write,
    pause,
    groupWeightMax: 10,
    queueWeightMax: 100,
    ...limits,
  });
  const submit = (...names: string[]) => {
    for (const name of names) writer.submit({ name, weight: 1 });
  };
  const endWrite = async () => {
    running.shift()?.();
    await settled();
  };
  const endPause = async () => {
    pauses.shift()?.();
    await settled();
  };
  return { writer, groups, running, pauses, submit, endWrite, endPause };
}

describe("group writer", () => {
  it("writes what was submitted in one turn as one group, in order", async () => {
    const { groups, submit } = testWriter();
    submit("a", "b", "c");
    expect(groups).toEqual([]);
    await settled();
    expect(groups).toEqual([["a", "b", "c"]]);
  });

  it("has one write under way at a time, which collects the next group", async () => {
    const { groups, running, submit, endWrite } = testWriter();
    submit("a");
    await settled();
    submit("b");
    await settled();
    submit("c");
    await settled();
    expect(groups).toEqual([["a"]]);
    expect(running).toHaveLength(1);
    await endWrite();
    expect(groups).toEqual([["a"], ["b", "c"]]);
    await endWrite();
    submit("d");
    await settled();
    expect(groups.at(-1)).toEqual(["d"]);
  });

  it("cuts groups by weight; a task heavier than a group is written alone", async () => {
    const { writer, groups, endWrite } = testWriter();
    for (const [name, weight] of [
      ["a", 4],
      ["b", 6],
      ["c", 1],
      ["d", 11],
      ["e", 0],
      ["f", 10],
    ] as const) {
      writer.submit({ name, weight });
    }
    for (let write = 0; write < 5; write++) await settled().then(endWrite);
    expect(groups).toEqual([["a", "b"], ["c"], ["d"], ["e", "f"]]);
    expect(writer.waiting).toBe(0);
  });

  it("refuses what does not fit the queue, and takes it when there is room", async () => {
    const { writer, groups, submit, endWrite } = testWriter({ queueWeightMax: 2 });
    submit("under way");
    await settled();
    submit("a", "b");
    expect(() => submit("c")).toThrow(OverloadedError);
    expect(writer.waiting).toBe(2);
    await endWrite();
    submit("d");
    await endWrite();
    expect(groups).toEqual([["under way"], ["a", "b"], ["d"]]);
  });

  it("has room for patient tasks when the others fill the queue, and the other way round", async () => {
    const { writer, groups, submit, endWrite } = testWriter({ queueWeightMax: 2 });
    submit("under way");
    await settled();
    submit("a", "b");
    writer.submit({ name: "page", weight: 2, patient: true });
    expect(() => writer.submit({ name: "more", weight: 1, patient: true })).toThrow(OverloadedError);
    expect(() => submit("c")).toThrow(OverloadedError);
    expect(writer.waiting).toBe(4);
    await endWrite();
    await endWrite();
    expect(groups).toEqual([["under way"], ["a", "b", "page"]]);
    expect(writer.waiting).toBe(0);
  });

  it("takes a task heavier than the queue when nothing else waits", async () => {
    const { writer, groups } = testWriter({ queueWeightMax: 2 });
    writer.submit({ name: "heavy", weight: 5 });
    await settled();
    expect(groups).toEqual([["heavy"]]);
  });

  it("is drained when all that was submitted is written, also what came meanwhile", async () => {
    const { writer, submit, endWrite } = testWriter();
    await writer.drained();
    submit("a");
    await settled();
    let drained = false;
    const draining = writer.drained().then(() => {
      drained = true;
    });
    submit("b");
    await endWrite();
    expect(drained).toBe(false);
    await endWrite();
    expect(drained).toBe(true);
    await draining;
  });

  describe("after a stream of tasks for which nobody waits", () => {
    const patient = (name: string, weight = 4): Task => ({ name, weight, patient: true });

    /** A writer that has just written a group of 8, all patient. */
    async function lingering() {
      const world = testWriter();
      world.writer.submit(patient("a"));
      world.writer.submit(patient("b"));
      await settled();
      await world.endWrite();
      return world;
    }

    it("[REP6] gathers what else comes of it for a moment", async () => {
      const { writer, groups, endPause } = await lingering();
      writer.submit(patient("c"));
      await settled();
      writer.submit(patient("d"));
      await settled();
      expect(groups).toEqual([["a", "b"]]);
      await endPause();
      expect(groups).toEqual([
        ["a", "b"],
        ["c", "d"],
      ]);
    });

    it("[REP6] writes at once when somebody waits for a task", async () => {
      const { writer, groups, submit } = await lingering();
      writer.submit(patient("c"));
      submit("mine");
      await settled();
      expect(groups.at(-1)).toEqual(["c", "mine"]);
    });

    it("[REP6] writes at once when enough has come", async () => {
      const { writer, groups } = await lingering();
      writer.submit(patient("many", 128));
      await settled();
      expect(groups.at(-1)).toEqual(["many"]);
    });

    it("[REP6] is drained without waiting for the moment to pass", async () => {
      const { writer, pauses } = await lingering();
      expect(pauses).toHaveLength(1);
      await writer.drained();
    });

    it("[REP6] does not linger after few of them, nor after a group that somebody waited for", async () => {
      const { writer, pauses, submit, endWrite } = testWriter();
      writer.submit(patient("one", 7));
      await settled();
      await endWrite();
      writer.submit(patient("two", 8));
      submit("mine");
      await settled();
      await endWrite();
      expect(pauses).toEqual([]);
    });
  });

  it("writes every task once and in order, whatever the weights and the pace", async () => {
    const steps = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 14 }), fc.constantFrom("end" as const, "turn" as const)),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const { writer, groups, endWrite } = testWriter({ queueWeightMax: 40 });
        const taken: string[] = [];
        const weights = new Map<string, number>();
        for (const [index, step] of plan.entries()) {
          if (step === "end") await endWrite();
          else if (step === "turn") await settled();
          else {
            const name = String(index);
            const fits = writer.waiting + step <= 40;
            if (fits) {
              writer.submit({ name, weight: step });
              taken.push(name);
              weights.set(name, step);
            }
            expect(writer.waiting).toBeLessThanOrEqual(40);
          }
        }
        while (groups.flat().length < taken.length) await endWrite();
        expect(groups.flat()).toEqual(taken);
        for (const group of groups) {
          const weight = group.reduce((sum, name) => sum + (weights.get(name) ?? 0), 0);
          if (group.length > 1) expect(weight).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});
