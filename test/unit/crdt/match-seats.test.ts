import { describe, expect, it } from "vitest";
import type { Registers } from "../../../crdt/document.ts";
import { readSeats, type Seating } from "../../../crdt/match-seats.ts";
import { playerIdOf } from "../../support/match-replica.ts";

const [A, B, C] = [playerIdOf(1), playerIdOf(2), playerIdOf(3)];

function at(time: number): string {
  return `018bcfe56800000${time}`;
}

function seatingOf(registers: Registers, capacity: number, startedAt: string | null = null): Seating {
  const state = {
    root: {},
    maps: { seats: registers },
    writerOf: (map: string | null, key: string) => `${map} ${key}`,
  };
  return readSeats(state, capacity, startedAt);
}

/** Registers in order, and the seats they come to: `A` is seated, `a` is overflow. */
function seats(registers: Registers, capacity: number, startedAt: string | null = null): string {
  const names = new Map([
    [A, "a"],
    [B, "b"],
    [C, "c"],
  ]);
  const read = seatingOf(registers, capacity, startedAt).seats;
  for (const seat of read) expect(seat.origin).toBe(`seats ${seat.stamp}/${seat.playerId}`);
  return read
    .map(({ playerId, status }) => {
      const name = names.get(playerId) ?? "?";
      return status === "seated" ? name.toUpperCase() : name;
    })
    .join("");
}

const THREE = { [`${at(1)}/${C}`]: true, [`${at(2)}/${A}`]: true, [`${at(2)}/${B}`]: true };

describe("the seats of a match", () => {
  it.each([
    [0, "cab"],
    [1, "Cab"],
    [2, "CAb"],
    [3, "CAB"],
    [4, "CAB"],
  ])("[MAT2] with %i of them the first by (stamp, player id) are seated: %s", (capacity, expected) => {
    expect(seats(THREE, capacity)).toBe(expected);
    expect(seats(Object.fromEntries(Object.entries(THREE).reverse()), capacity)).toBe(expected);
  });

  it.each([
    ["before the first entry", 1, ""],
    ["at the stamp of the second", 2, "C"],
    ["after the last", 3, "CAB"],
  ])("[MAT2] entries made at or after the start do not count: started %s", (_, started, expected) => {
    expect(seats(THREE, 3, at(started))).toBe(expected);
  });

  it("[MAT2] the start that counts unseats nobody who was first, whoever comes late", () => {
    expect(seats({ ...THREE, [`${at(5)}/${playerIdOf(0)}`]: true }, 2, at(4))).toBe("CAb");
  });

  it("[MAT2] who leaves makes room for the next", () => {
    expect(seats({ ...THREE, [`${at(1)}/${C}/left`]: at(3) }, 2)).toBe("AB");
  });

  it.each([
    ["before the start", 3, "AB"],
    ["at the start", 4, "CAb"],
    ["after the start", 5, "CAb"],
  ])("[MAT2] leaving changes nothing unless it was before the start: %s", (_, left, expected) => {
    expect(seats({ ...THREE, [`${at(1)}/${C}/left`]: at(left) }, 2, at(4))).toBe(expected);
  });

  it.each<[string, number, Registers, readonly string[]]>([
    ["all of them", 1, {}, [C, A, B]],
    ["the later ones", 2, {}, [A, B]],
    ["nobody", 3, {}, []],
    ["who has a seat is not", 2, { [`${at(5)}/${C}`]: true }, [A, B]],
    ["who left later is not", 2, { [`${at(2)}/${A}/left`]: at(3) }, [B]],
    ["who left in time and came back is", 2, { [`${at(1)}/${C}/left`]: at(1) }, [A, B]],
    ["who came twice is once", 2, { [`${at(3)}/${A}`]: true }, [A, B]],
  ])("[MAT2] late is who joined at or after the start: %s", (_, started, more, expected) => {
    const { lateSeats } = seatingOf({ ...THREE, ...more }, 3, at(started));
    expect(lateSeats.map(({ playerId }) => playerId)).toEqual(expected);
    for (const { playerId, stamp, origin } of lateSeats) expect(origin).toBe(`seats ${stamp}/${playerId}`);
  });

  it("[MAT2] late is also who had left before the start and came back after it", () => {
    const back = { [`${at(1)}/${C}/left`]: at(3), [`${at(5)}/${C}`]: true };
    const { lateSeats } = seatingOf({ ...THREE, ...back }, 3, at(4));
    expect(lateSeats).toEqual([{ playerId: C, stamp: at(5), origin: `seats ${at(5)}/${C}` }]);
  });

  it("[MAT2] of all who ever joined it is known how often, whatever became of it", () => {
    const more = { [`${at(1)}/${C}/left`]: at(3), [`${at(5)}/${C}`]: true };
    expect(seatingOf({ ...THREE, ...more }, 1, at(4)).entrants).toEqual([
      { playerId: A, entries: 1 },
      { playerId: B, entries: 1 },
      { playerId: C, entries: 2 },
    ]);
  });

  it("[MAT2] who comes back sits at the end", () => {
    const back = { [`${at(1)}/${C}/left`]: at(3), [`${at(4)}/${C}`]: true };
    expect(seats({ ...THREE, ...back }, 2)).toBe("ABc");
  });

  it("[MAT2] who took a seat on two sides has one, the earlier", () => {
    expect(seats({ ...THREE, [`${at(3)}/${C}`]: true }, 2)).toBe("CAb");
  });

  it("[MAT2] who took a seat on two sides and left later has none", () => {
    const twice = { [`${at(3)}/${C}`]: true, [`${at(1)}/${C}/left`]: at(4) };
    expect(seats({ ...THREE, ...twice }, 2)).toBe("AB");
  });

  it("[MAT2] who left on one side and took a seat on the other later sits there", () => {
    const later = { [`${at(1)}/${C}/left`]: at(3), [`${at(4)}/${C}`]: true };
    expect(seats({ ...THREE, ...later }, 3)).toBe("ABC");
  });

  it("[MAT2] of several leavings the last one counts", () => {
    const entries = { [`${at(1)}/${C}`]: true, [`${at(2)}/${C}`]: true, [`${at(4)}/${C}`]: true };
    const leavings = { [`${at(1)}/${C}/left`]: at(5), [`${at(2)}/${C}/left`]: at(3) };
    expect(seats({ ...entries, ...leavings }, 3)).toBe("");
    expect(seats({ ...entries, ...leavings, [`${at(6)}/${C}`]: true }, 3)).toBe("C");
  });

  it("[MAT2] a leaving ends what is earlier, not what has its own stamp", () => {
    expect(seats({ ...THREE, [`${at(1)}/${C}/left`]: at(1) }, 3)).toBe("CAB");
  });

  it("[MAT2] a leaving ends nobody else's entry", () => {
    expect(seats({ ...THREE, [`${at(1)}/${B}/left`]: at(1) }, 3)).toBe("CAB");
  });

  it.each<[string, Registers]>([
    ["another value", { [`${at(1)}/${C}`]: 1, [`${at(2)}/${C}`]: "true", [`${at(3)}/${C}`]: false }],
    ["no stamp", { [`now/${C}`]: true, [`/${C}`]: true, [C]: true }],
    ["a stamp past 9999", { [`fffffffffffff000/${C}`]: true }],
    ["no player id", { [`${at(1)}/ada`]: true, [`${at(1)}/`]: true, [at(1)]: true }],
    ["an id in upper case", { [`${at(1)}/${"A".repeat(8)}-0000-7000-8000-000000000001`]: true }],
    ["a part too many", { [`${at(1)}/${C}/`]: true, [`${at(1)}/${C}/left/again`]: true }],
    ["a leaving alone", { [`${at(1)}/${C}/left`]: at(2) }],
  ])("[STO1] is no entry: %s", (_, registers) => {
    expect(seats(registers, 3)).toBe("");
  });

  it.each(["left/again", "left/", "gone", ""])("[STO1] is no leaving: an entry's key with /%s", (suffix) => {
    expect(seats({ ...THREE, [`${at(1)}/${C}/${suffix}`]: at(3) }, 3)).toBe("CAB");
  });

  it.each([true, 7, "now", "fffffffffffff000"])("[STO1] is no leaving: %j", (left) => {
    expect(seats({ ...THREE, [`${at(1)}/${C}/left`]: left }, 3)).toBe("CAB");
  });
});
