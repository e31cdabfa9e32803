import { describe, expect, it } from "vitest";
import { Intake } from "../../../src/gossip/intake.ts";
import { ORIGIN, OTHER, Receiver, run, sequencesOf } from "../../support/receiver.ts";

function holder(server: string, sequence: number, origin = ORIGIN) {
  return { server, vector: new Map([[origin, sequence]]) };
}

describe("what is taken in", () => {
  it("continues what is here: nothing after a hole, nothing twice, the new part of what overlaps", () => {
    const { intake } = new Receiver();
    expect(intake.take([])).toEqual([]);
    expect(intake.take(run(2, 2))).toEqual([]);
    expect(sequencesOf(intake.take(run(3, 1)))).toEqual([1, 2, 3]);
    expect(intake.take(run(3, 1))).toEqual([]);
    expect(intake.take(run(2, 2))).toEqual([]);
    expect(intake.take(run(1, 5))).toEqual([]);
    expect(sequencesOf(intake.take(run(4, 2)))).toEqual([4, 5]);
    expect(sequencesOf(intake.take(run(2, 1, OTHER)))).toEqual([1, 2]);
    expect(intake.unstored).toBe(7);
  });

  it("goes on from what the database has, by whatever cause it came there", () => {
    const { intake } = new Receiver();
    intake.take(run(2, 1));
    intake.advanced(new Map([[ORIGIN, 6]]));
    expect(sequencesOf(intake.take(run(4, 5)))).toEqual([7, 8]);
  });

  it("is bounded: announcements beyond are left, and asked for once there is room", () => {
    const receiver = new Receiver();
    for (let from = 1; from <= 20_000; from += 500) receiver.offer(run(500, from));
    expect(receiver.intake.unstored).toBe(5_500);
    const holders = [holder("eu-2", 20_000), holder("eu-3", 9, OTHER)];
    expect(receiver.intake.questions(holders, 0)).toEqual([]);
    while (receiver.queue.length > 0) receiver.store(true, 0);
    expect(receiver.intake.unstored).toBe(0);
    expect(receiver.intake.questions(holders, 0)).toMatchObject([
      { server: "eu-2", origin: ORIGIN, from: 5_501 },
      { server: "eu-3", origin: OTHER, from: 1 },
    ]);
  });
});

describe("what is asked", () => {
  it("is what a peer has and this server has neither stored nor on its way", () => {
    const receiver = new Receiver();
    receiver.offer(run(5));
    expect(receiver.intake.questions([holder("eu-2", 5)], 0)).toEqual([]);
    expect(receiver.intake.questions([holder("eu-2", 6)], 0)).toMatchObject([{ server: "eu-2", from: 6 }]);
  });

  it("is one question for each origin at a time, side by side from several peers", () => {
    const { intake } = new Receiver();
    const both = new Map([
      [ORIGIN, 9],
      [OTHER, 9],
    ]);
    const peers = [
      { server: "eu-2", vector: both },
      { server: "eu-3", vector: both },
    ];
    const questions = intake.questions(peers, 0);
    expect(questions.map(({ server }) => server).sort()).toEqual(["eu-2", "eu-3"]);
    expect(new Set(questions.map(({ request }) => request)).size).toBe(2);
    expect(intake.asking).toBe(2);
    expect(intake.questions(peers, 100)).toEqual([]);
  });

  it("is the next page when the last is taken, but for no more than one page that waits to be stored", () => {
    const receiver = new Receiver();
    const peers = [holder("eu-2", 9_000)];
    const answer = () => {
      const [question] = receiver.intake.questions(peers, 0);
      if (!question) return undefined;
      receiver.intake.answered(ORIGIN, question.request);
      receiver.offer(run(500, question.from));
      return question.from;
    };
    expect([answer(), answer(), answer()]).toEqual([1, 501, undefined]);
    receiver.store(true, 0);
    expect([answer(), answer()]).toEqual([1_001, undefined]);
  });

  it("is put to another peer when there is no answer in time, and to the same one if there is no other", () => {
    const { intake } = new Receiver();
    const peers = [holder("eu-2", 5), holder("eu-3", 5)];
    expect(intake.questions(peers, 0)).toMatchObject([{ server: "eu-2" }]);
    expect(intake.questions(peers, 2_000)).toEqual([]);
    expect(intake.questions(peers, 2_001)).toMatchObject([{ server: "eu-3" }]);
    expect(intake.questions(peers, 4_002)).toMatchObject([{ server: "eu-2" }]);
    const alone = new Intake(new Map());
    const [first] = alone.questions([holder("eu-2", 5)], 0);
    const [second] = alone.questions([holder("eu-2", 5)], 2_001);
    expect(second).toMatchObject({ server: "eu-2", from: 1 });
    expect(second?.request).not.toBe(first?.request);
  });

  it("counts as answered only by an answer to the last question", () => {
    const { intake } = new Receiver();
    const peers = [holder("eu-2", 5)];
    const [first] = intake.questions(peers, 0);
    const [second] = intake.questions(peers, 2_001);
    expect(intake.answered(ORIGIN, first?.request ?? 0)).toBeUndefined();
    expect(intake.answered(OTHER, second?.request ?? 0)).toBeUndefined();
    expect(intake.asking).toBe(1);
    expect(intake.answered(ORIGIN, second?.request ?? 0)).toEqual(second);
    expect(intake.answered(ORIGIN, second?.request ?? 0)).toBeUndefined();
    expect(intake.asking).toBe(0);
  });
});

describe("entries that could not be stored", () => {
  it("are asked for again after a pause", () => {
    const receiver = new Receiver();
    receiver.offer(run(5));
    receiver.store(false, 1_000);
    const peers = [holder("eu-2", 5)];
    expect(receiver.intake.questions(peers, 1_499)).toEqual([]);
    expect(receiver.intake.questions(peers, 1_500)).toMatchObject([{ from: 1 }]);
    expect(sequencesOf(receiver.offer(run(5)))).toEqual([1, 2, 3, 4, 5]);
  });

  it("are asked for again although announcements never pause", () => {
    const receiver = new Receiver();
    let nowMs = 0;
    let announced = 0;
    const announce = () => {
      receiver.offer(run(10, announced + 1));
      announced += 10;
    };
    announce();
    for (let round = 0; round < 40; round++) {
      nowMs += 100;
      announce();
      receiver.store(round !== 3, nowMs); // one batch is always on its way
      for (const { from, request } of receiver.intake.questions([holder("eu-2", announced)], nowMs)) {
        receiver.intake.answered(ORIGIN, request);
        receiver.offer(run(Math.min(500, announced - from + 1), from));
      }
    }
    expect(announced - receiver.sequenceOf(ORIGIN)).toBeLessThanOrEqual(50);
  });
});
