import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../crdt/entry.ts";
import { ORIGIN, OTHER, Receiver, run, sequencesOf } from "../../support/receiver.ts";

const step = fc.oneof(
  fc.record({
    type: fc.constant("announce" as const),
    origin: fc.nat({ max: 1 }),
    size: fc.integer({ min: 1, max: 30 }),
    lost: fc.boolean(),
  }),
  fc.record({ type: fc.constant("store" as const), ok: fc.boolean() }),
  fc.record({
    type: fc.constant("answer" as const),
    index: fc.nat({ max: 9 }),
    size: fc.nat({ max: 60 }),
    lost: fc.boolean(),
    late: fc.boolean(),
  }),
  fc.record({ type: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
);

describe("an intake, whatever is lost, late or fails", () => {
  it("hands over nothing but what continues the log, asks one thing at a time, and has all in the end", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const receiver = new Receiver();
        const { intake } = receiver;
        const written = [0, 0];
        const origins = [ORIGIN, OTHER];
        let nowMs = 0;
        let open: { origin: string; request: number; from: number }[] = [];
        const peers = () => [
          { server: "eu-2", vector: new Map(origins.map((origin, index) => [origin, written[index] ?? 0])) },
        ];
        const ask = () => {
          const asked = intake.questions(peers(), nowMs);
          const perOrigin = new Set(asked.map(({ origin }) => origin));
          expect(perOrigin.size).toBe(asked.length);
          open = [...open.filter(({ origin }) => !perOrigin.has(origin)), ...asked];
          expect(intake.asking).toBeLessThanOrEqual(origins.length);
        };
        const offer = (entries: readonly Entry[]) => {
          const taken = receiver.offer(entries);
          const [first] = taken;
          if (!first) return;
          expect(sequencesOf(taken)).toEqual(taken.map((_, index) => first.sequence + index));
          const reached = receiver.queue
            .slice(0, -1)
            .flat()
            .filter(({ origin }) => origin === first.origin)
            .map(({ sequence }) => sequence);
          expect([receiver.sequenceOf(first.origin), ...reached]).toContain(first.sequence - 1);
          const queued = receiver.queue.reduce((sum, batch) => sum + batch.length, 0);
          expect(intake.unstored).toBe(queued);
        };
        const answer = (index: number, size: number, { lost = false, late = false } = {}) => {
          const [question] = open.splice(index % (open.length || 1), 1);
          if (!question || lost) return;
          if (late) nowMs += 2_500;
          const { origin, request, from } = question;
          const has = written[origins.indexOf(origin)] ?? 0;
          intake.answered(origin, request);
          offer(run(Math.max(0, Math.min(size, has - from + 1)), from, origin));
        };
        for (const each of steps) {
          switch (each.type) {
            case "announce": {
              const from = (written[each.origin] ?? 0) + 1;
              written[each.origin] = from + each.size - 1;
              if (!each.lost) offer(run(each.size, from, origins[each.origin]));
              break;
            }
            case "store":
              receiver.store(each.ok, nowMs);
              break;
            case "answer":
              answer(each.index, each.size, each);
              break;
            case "time":
              nowMs += each.ms;
          }
          ask();
        }
        for (let round = 0; round < 100; round++) {
          nowMs += 600;
          while (receiver.queue.length > 0) receiver.store(true, nowMs);
          ask();
          while (open.length > 0) answer(0, 500);
        }
        expect(origins.map((origin) => receiver.sequenceOf(origin))).toEqual(written);
        expect(intake.unstored).toBe(0);
        expect(intake.asking).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
