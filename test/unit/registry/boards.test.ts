import { describe, expect, it } from "vitest";
import { Boards } from "../../../src/registry/boards.ts";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../../src/storage/memory/memory-log-store.ts";
import { settled } from "../../support/settled.ts";

/** A folder that is busy until `done`; it is told here how long was waited for it, undefined for without limit. */
async function busyBoards() {
  const store = new MemoryLogStore(new MemoryDisk(), { realm: "default" });
  await store.open();
  const waits: (number | undefined)[] = [];
  let done: () => void = () => undefined;
  const idle = new Promise<boolean>((resolve) => {
    done = () => resolve(true);
  });
  const folder = {
    idle: (timeoutMs?: number) => {
      waits.push(timeoutMs);
      return timeoutMs === undefined ? idle : Promise.resolve(false);
    },
  };
  const players = { standing: async (survivorId: string) => ({ survivorId, banned: false }) };
  return { boards: new Boards({ store, players, folder }), waits, done };
}

describe("reading boards", () => {
  it("[RAT1] while a long fold goes on, the first waits a moment for it, and the others not at all", async () => {
    const { boards, waits, done } = await busyBoards();
    const query = { mode: "duel", limit: 10 };
    expect(await boards.leaderboard(query)).toEqual({ items: [], next: null });
    expect(waits).toEqual([250, undefined]);
    await boards.leaderboard(query);
    await boards.ratingsOf("00000000-0000-8000-8000-000000000001");
    expect(waits).toEqual([250, undefined]);
    done();
    await settled();
    await boards.leaderboard(query);
    expect(waits.slice(0, 3)).toEqual([250, undefined, 250]);
  });

  it("[RAT1] what compares servers waits every time", async () => {
    const { boards, waits } = await busyBoards();
    await boards.leaderboard({ mode: "duel", limit: 10 });
    await boards.folded(2_000);
    expect(waits).toEqual([250, undefined, 2_000]);
  });
});
