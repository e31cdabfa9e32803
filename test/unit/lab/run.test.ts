import { expect, it, vi } from "vitest";
import { run } from "../../../src/lab/run.ts";
import type { World } from "../../../src/lab/world/world.ts";

vi.mock("../../../src/lab/world/world.ts", () => ({
  startWorld: async (): Promise<Partial<World>> => ({
    servers: [],
    opsToken: "",
    end: async () => undefined,
  }),
}));

it("is at no other step once it failed or was given up: the one that it was at is what failed", async () => {
  const steps: string[] = [];
  const given = { name: "given-up", story: "", play: async () => undefined };
  const signal = AbortSignal.abort(new Error("given up"));
  await expect(run(given, { seed: 1, signal, onStep: (step) => steps.push(step) })).rejects.toThrow(
    "given up",
  );
  expect(steps).toEqual(["starting databases, brokers and servers"]);
});
