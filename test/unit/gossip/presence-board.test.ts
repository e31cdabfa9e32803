import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../crdt/errors.ts";
import { type Presence, PresenceBoard } from "../../../src/gossip/presence-board.ts";
import { idOf } from "../../support/log-fixtures.ts";

const PLAYER = idOf(1);

function presenceOf(player: number, fields: Partial<Presence> = {}): Presence {
  return { playerId: idOf(player), matchId: idOf(100), address: "game.example:7777", ...fields };
}

/** A board that has been listening since the time 0. */
function listening(signsMax?: number): PresenceBoard {
  const board = new PresenceBoard(signsMax);
  board.listen(0);
  return board;
}

describe("a sign of presence", () => {
  it("[PRS1] holds for 30 seconds, and for 30 more when it is given again", () => {
    const board = listening();
    board.put(presenceOf(1), 1_000);
    expect(board.of(PLAYER, 30_999)).toEqual(presenceOf(1));
    expect(board.of(PLAYER, 31_000)).toBeUndefined();
    board.put(presenceOf(1, { matchId: null, address: null }), 31_000);
    expect(board.of(PLAYER, 60_999)).toEqual(presenceOf(1, { matchId: null, address: null }));
    expect(board.of(PLAYER, 61_000)).toBeUndefined();
    expect(board.of(idOf(2), 0)).toBeUndefined();
  });

  it("[PRS1] that a peer was given holds for what is left of its lease, and never for longer than one", () => {
    const board = listening();
    board.heard(
      [
        { ...presenceOf(1), leftMs: 12_000 },
        { ...presenceOf(2), leftMs: Number.MAX_SAFE_INTEGER },
        { ...presenceOf(3), leftMs: 0 },
      ],
      1_000,
    );
    expect(board.of(PLAYER, 12_999)).toEqual(presenceOf(1));
    expect(board.hosts(12_999)).toEqual([idOf(1), idOf(2)]);
    expect(board.hosts(13_000)).toEqual([idOf(2)]);
    expect(board.hosts(30_999)).toEqual([idOf(2)]);
    expect(board.hosts(31_000)).toEqual([]);
  });

  it("[PRS1] replaces an older one, whichever came first", () => {
    const board = listening();
    const [first, second] = [presenceOf(1, { matchId: idOf(7) }), presenceOf(1, { matchId: idOf(8) })];
    board.put(second, 10_000);
    board.heard([{ ...first, leftMs: 29_000 }], 10_000);
    expect(board.of(PLAYER, 39_999)).toEqual(second);
    const third = presenceOf(1, { matchId: idOf(9) });
    board.heard([{ ...third, leftMs: 30_000 }], 10_001);
    expect(board.of(PLAYER, 40_000)).toEqual(third);
  });

  it("[PRS1] has an address that its message can carry", () => {
    const board = listening();
    for (const address of ["", "x".repeat(513)]) {
      expect(() => board.put(presenceOf(1, { address }), 0)).toThrow(InvariantError);
    }
    board.put(presenceOf(1, { address: "x".repeat(512) }), 0);
    expect(board.count()).toBe(1);
  });
});

describe("how long a player has been silent", () => {
  it("[PRS1] is the time since its last sign, wherever it was given", () => {
    const board = listening();
    board.put(presenceOf(1), 5_000);
    board.heard([{ ...presenceOf(2), leftMs: 10_000 }], 5_000);
    for (const nowMs of [5_000, 40_000, 65_000]) {
      board.sweep(nowMs);
      expect(board.silentForMs(PLAYER, nowMs)).toBe(nowMs - 5_000);
      expect(board.silentForMs(idOf(2), nowMs)).toBe(nowMs + 15_000);
    }
  });

  it("[PRS1] is the time since this server began to listen, for one who was never heard", () => {
    const board = new PresenceBoard();
    expect(board.silentForMs(PLAYER, 90_000)).toBe(0);
    board.listen(100_000);
    expect(board.silentForMs(PLAYER, 100_000)).toBe(0);
    expect(board.silentForMs(PLAYER, 170_000)).toBe(70_000);
  });

  it("[PRS1] is never less than twice the lease once the sign is forgotten", () => {
    const board = listening();
    board.put(presenceOf(1), 1_000);
    board.sweep(61_000);
    expect(board.count()).toBe(1);
    board.sweep(61_001);
    expect(board.count()).toBe(0);
    expect(board.silentForMs(PLAYER, 61_001)).toBeGreaterThanOrEqual(60_000);
  });
});

describe("a presence board", () => {
  it("[PRS1] has room for so many; the signs that came first go", () => {
    const board = listening(3);
    for (const player of [1, 2, 3]) board.put(presenceOf(player), player);
    board.put(presenceOf(1), 4);
    board.put(presenceOf(4), 5);
    expect(board.hosts(6)).toEqual([idOf(3), idOf(1), idOf(4)]);
    expect(board.count()).toBe(3);
  });

  it("[PRS1] forgets those who came first, up to the first that stays", () => {
    const board = listening();
    for (const player of [1, 2, 3]) board.put(presenceOf(player), player * 1_000);
    board.put(presenceOf(1), 10_000);
    board.sweep(62_500);
    expect(board.count()).toBe(2);
    expect([1, 2, 3].map((player) => board.silentForMs(idOf(player), 62_500))).toEqual([
      52_500, 62_500, 59_500,
    ]);
  });
});
