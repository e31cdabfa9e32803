import { expect, test } from "vitest";
import { CallRecord } from "../../../scripts/example-game/call-record.ts";
import { ProblemError, type RollcallError, ServerSilentError } from "../../../src/client/client.ts";

function problem(code: string, status: number): ProblemError {
  return new ProblemError({ code, status, detail: "no", requestId: "r" }, { server: "http://a" });
}

function fails(error: RollcallError): () => Promise<never> {
  return () => Promise.reject(error);
}

test("a refusal that the call allows belongs to the game, any other is a failure", async () => {
  const record = new CallRecord(() => 0);
  const caller = record.caller();
  const full = problem("match-full", 409);
  expect(await caller.tryTo("join", fails(full), ["match-full"])).toEqual({ refused: "match-full" });
  expect(record.failed).toBe(0);
  await expect(caller.tryTo("join", fails(problem("forbidden", 403)), ["match-full"])).rejects.toThrow(
    "forbidden",
  );
  await expect(caller.make("create", fails(full))).rejects.toThrow("match-full");
  expect(record).toMatchObject({ calls: 3, failed: 2 });
  expect(Object.fromEntries(record.refusals)).toEqual({ "match-full": 1 });
  expect(Object.fromEntries(record.failures)).toEqual({ "forbidden (join)": 1, "match-full (create)": 1 });
});

test("a call counts as moved once, when it came to its end in spite of its troubles", async () => {
  const record = new CallRecord(() => 0);
  const caller = record.caller();
  const silent = new ServerSilentError("http://a", 600);
  await caller.make("list", async () => {
    caller.onTrouble(silent);
    caller.onTrouble(silent);
  });
  await caller.make("list", async () => undefined);
  await caller.make("list", async () => caller.onTrouble(problem("rate-limited", 429)));
  expect(record).toMatchObject({ calls: 3, moved: 1, failed: 0 });
});

test("the slowest call is kept with its name, also one that failed", async () => {
  let nowMs = 0;
  const record = new CallRecord(() => nowMs);
  const caller = record.caller();
  const lasting = (ms: number) => async (): Promise<void> => {
    nowMs += ms;
  };
  await caller.make("list", lasting(5));
  await caller.make("join", lasting(9));
  await caller.make("report", lasting(7));
  expect(record.slowest).toEqual({ what: "join", ms: 9 });
});

test("an error of ours is not taken for a call that failed", async () => {
  const record = new CallRecord(() => 0);
  await expect(record.caller().make("list", () => Promise.reject(new RangeError("ours")))).rejects.toThrow(
    "ours",
  );
  expect(record.failed).toBe(0);
});
