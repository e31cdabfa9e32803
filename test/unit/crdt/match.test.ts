import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DocumentState, Registers, Scalar } from "../../../crdt/document.ts";
import { canonicalMatch, MATCH_FIRST_CHANGE, type Match, projectMatch } from "../../../crdt/match.ts";
import { rankingWrite, reportWrite } from "../../../crdt/match-reports.ts";
import { type Ranks, rankingHash } from "../../../crdt/ranking.ts";
import { MATCH_ID, playerIdOf } from "../../support/match-replica.ts";
import { anyKey, anyScalar } from "../../support/player-arbitraries.ts";
import { actorOf } from "../../support/replica.ts";
import { seeded } from "../../support/seeded.ts";

const [A, B, C, D] = [playerIdOf(1), playerIdOf(2), playerIdOf(3), playerIdOf(4)];
const ORIGIN = actorOf(1);
const CREATED = "018bcfe568000001";
const JOINED = "018bcfe568000002";
const STARTED = "018bcfe568000003";
const FINISHED = "018bcfe568000004";

const KNOWN = rankingHash({ [A]: 1, [B]: 2 });

const UNSET: Match = {
  id: MATCH_ID,
  mode: "",
  region: null,
  capacity: 0,
  hostId: null,
  address: null,
  metadata: {},
  state: "open",
  seats: [],
  lateSeats: [],
  entrants: [],
  reports: [],
  settlements: [],
  result: { status: "pending", ranks: null },
  createdAtMs: 0,
  startedAt: null,
  finishedAt: null,
  homeServer: "",
};

function project(root: { readonly [key: string]: Scalar }, maps: DocumentState["maps"] = {}): Match {
  return projectMatch(MATCH_ID, { root, maps, writerOf: () => ORIGIN });
}

const ROOT = {
  kind: "match",
  schema: 1,
  mode: "duel",
  region: "eu",
  capacity: 2,
  hostId: A,
  address: "203.0.113.7:7777",
  createdAt: 1_700_000_000_000,
  homeServer: "eu-1",
};
const MAPS = {
  metadata: { map: "castle", ranked: true },
  seats: { [`${CREATED}/${A}`]: true, [`${JOINED}/${B}`]: true, [`${JOINED}/${C}`]: true },
  facts: { [`started/${STARTED}`]: true, [`finished/${FINISHED}`]: true },
  reports: reportsOf({ [A]: { [A]: 1, [B]: 2 }, [B]: { [B]: 1, [A]: 2 }, [C]: { [B]: 1, [A]: 2 } }),
};

/** The map as it is once these players have reported so. */
function reportsOf(said: { readonly [playerId: string]: Ranks }): Registers {
  const writes = Object.entries(said).flatMap(([playerId, ranks]) => [
    rankingWrite(ranks),
    reportWrite(playerId, ranks, FINISHED),
  ]);
  return Object.fromEntries(writes.map(({ key, value }) => [key, value ?? ""]));
}

describe("match", () => {
  it("[MAT1] [MAT2] [MAT3] is read from its registers and maps", () => {
    expect(project(ROOT, MAPS)).toEqual({
      id: MATCH_ID,
      mode: "duel",
      region: "eu",
      capacity: 2,
      hostId: A,
      address: "203.0.113.7:7777",
      metadata: { map: "castle", ranked: true },
      state: "finished",
      seats: [
        { playerId: A, stamp: CREATED, status: "seated", origin: ORIGIN },
        { playerId: B, stamp: JOINED, status: "seated", origin: ORIGIN },
        { playerId: C, stamp: JOINED, status: "overflow", origin: ORIGIN },
      ],
      lateSeats: [],
      entrants: [A, B, C].map((playerId) => ({ playerId, entries: 1 })),
      reports: [
        { playerId: A, stamp: FINISHED, ranks: { [A]: 1, [B]: 2 }, origin: ORIGIN },
        { playerId: B, stamp: FINISHED, ranks: { [B]: 1, [A]: 2 }, origin: ORIGIN },
      ],
      settlements: [],
      result: { status: "disputed", ranks: null },
      createdAtMs: 1_700_000_000_000,
      startedAt: STARTED,
      finishedAt: FINISHED,
      homeServer: "eu-1",
    });
  });

  it("[MAT3] settlements are read with their reasons, sorted by (stamp, id)", () => {
    const settlements = {
      three: `${FINISHED} ${A}=1,${B}=1 looked at the  replay`,
      one: `${FINISHED} ${A}=1,${B}=2 `,
      two: `${STARTED} ${A}=2,${B}=1 cheated\nand said so`,
    };
    const match = project(ROOT, { ...MAPS, settlements });
    expect(match.settlements).toEqual([
      {
        id: "two",
        stamp: STARTED,
        ranks: { [A]: 2, [B]: 1 },
        reason: "cheated\nand said so",
        origin: ORIGIN,
      },
      { id: "one", stamp: FINISHED, ranks: { [A]: 1, [B]: 2 }, reason: "", origin: ORIGIN },
      {
        id: "three",
        stamp: FINISHED,
        ranks: { [A]: 1, [B]: 1 },
        reason: "looked at the  replay",
        origin: ORIGIN,
      },
    ]);
    expect(match.result).toEqual({ status: "settled", ranks: { [A]: 2, [B]: 1 } });
  });

  it("[MAT3] a report that ranks others than the seated counts: its server did not know yet who they would be", () => {
    const ranks = { [A]: 1, [C]: 2 };
    const reports = reportsOf({ [A]: ranks, [B]: ranks });
    expect(project(ROOT, { ...MAPS, reports }).result).toEqual({
      status: "settled",
      ranks: { [A]: 1, [C]: 2 },
    });
  });

  it("[STO1] of nothing, or of values of wrong types, is a match with everything unset", () => {
    expect(project({})).toEqual(UNSET);
    const wrong = {
      mode: 7,
      region: true,
      capacity: "two",
      hostId: 3,
      address: 1.5,
      createdAt: "now",
      homeServer: false,
    };
    expect(project(wrong)).toEqual(UNSET);
  });

  it.each([
    ["mode", 128],
    ["region", 256],
    ["address", 512],
    ["homeServer", 256],
  ] as const)("[STO1] an unstorable %s, or one longer than %i, reads as unset", (key, lengthMax) => {
    const longest = "x".repeat(lengthMax);
    expect(project({ [key]: longest })).toEqual({ ...UNSET, [key]: longest });
    for (const text of [`${longest}x`, "a\0b", "\ud800", "\udc00a"]) {
      expect(project({ [key]: text }), JSON.stringify(text)).toEqual(UNSET);
    }
  });

  it.each([
    [1, 1],
    [1_000, 1_000],
    [1_001, 0],
    [0, 0],
    [-1, 0],
    [1.5, 0],
    [Number.NaN, 0],
  ])("[STO1] a capacity of %d reads as %d", (capacity, read) => {
    expect(project({ capacity }).capacity).toBe(read);
  });

  it.each(["ada", A.slice(1), `${A}0`, "A".repeat(8) + A.slice(8), ""])(
    "[STO1] a host who is no player id reads as unset: %j",
    (hostId) => {
      expect(project({ hostId })).toEqual(UNSET);
    },
  );

  it.each<[string, Registers]>([
    ["no stamp", { [A]: KNOWN }],
    ["a stamp past 9999", { [A]: `fffffffffffff000 ${KNOWN}` }],
    ["no ranking", { [A]: `${FINISHED} me` }],
    ["a ranking that is not here", { [A]: `${FINISHED} ${rankingHash({ [A]: 2, [B]: 1 })}` }],
    ["a ranking of another hash", { [A]: `${FINISHED} 0a`, "ranking/0a": `${A}=1,${B}=2` }],
    ["something after the ranking", { [A]: `${FINISHED} ${KNOWN} because` }],
    ["no text", { [A]: true, [B]: 7 }],
    ["no player", { ada: `${FINISHED} ${KNOWN}` }],
  ])("[STO1] is no report: %s", (_, registers) => {
    const known = { [`ranking/${KNOWN}`]: `${A}=1,${B}=2` };
    const reportsWith = (reports: Registers) => project(ROOT, { ...MAPS, reports }).reports;
    expect(reportsWith({ ...known, ...registers })).toEqual([]);
    expect(reportsWith({ ...known, [A]: `${FINISHED} ${KNOWN}` })).toHaveLength(1);
  });

  it.each<[string, Registers]>([
    ["without a reason, not even an empty one", { one: `${FINISHED} ${A}=1` }],
    ["an unstorable reason", { one: `${FINISHED} ${A}=1 a\0b`, two: `${FINISHED} ${A}=1 \ud800` }],
    ["a reason longer than 4,096", { one: `${FINISHED} ${A}=1 ${"x".repeat(4_097)}` }],
    ["no ranking", { one: `${FINISHED}  because` }],
    ["no stamp", { one: `now ${A}=1 because` }],
    ["an unstorable id", { "": `${FINISHED} ${A}=1 x`, "a\0": `${FINISHED} ${A}=1 x` }],
    ["an id longer than 256", { ["x".repeat(257)]: `${FINISHED} ${A}=1 x` }],
  ])("[STO1] is no settlement: %s", (_, settlements) => {
    expect(project(ROOT, { ...MAPS, settlements }).settlements).toEqual([]);
  });

  it("[STO1] any state reads as a match that every server can store", () => {
    const id = fc.nat(4).map(playerIdOf);
    const stamp = fc.constantFrom(CREATED, JOINED, STARTED, FINISHED, "fffffffffffff000", "", "now");
    const unstorable = fc.constantFrom("a\0", "\ud800", "x".repeat(600), "x".repeat(5_000));
    const ranking = fc.tuple(id, id, fc.nat(3)).map(([one, other, rank]) => `${one}=${rank},${other}=1`);
    const said = fc
      .tuple(stamp, ranking, fc.constantFrom("", " ", " x", " \0"))
      .map(([at, r, s]) => `${at} ${r}${s}`);
    const reported = fc.constantFrom(`${FINISHED} ${KNOWN}`, `${A}=1,${B}=2`);
    const scalar = fc.oneof(anyScalar, unstorable, said, reported, stamp, id, fc.constant(true));
    const key = fc.oneof(
      fc.constant(`ranking/${KNOWN}`),
      anyKey,
      unstorable,
      id,
      fc.tuple(stamp, id).map(([at, player]) => `${at}/${player}`),
      fc.tuple(stamp, id).map(([at, player]) => `${at}/${player}/left`),
      fc.tuple(fc.constantFrom("started", "finished", "expired"), stamp).map(([fact, at]) => `${fact}/${at}`),
    );
    const root = fc.dictionary(fc.constantFrom(...Object.keys(ROOT), "other"), fc.oneof(scalar, fc.nat(4)));
    const map = fc.dictionary(key, scalar);
    const shape = Object.fromEntries(MATCH_FIRST_CHANGE.shape.maps.map((name) => [name, map]));
    fc.assert(
      fc.property(root, fc.record(shape, { requiredKeys: [] }), (rootOf, maps) => {
        const match = project(rootOf, maps as DocumentState["maps"]);
        expect(canonicalMatch(match)).not.toMatch(/\\u0000|\\ud[89a-f]/);
        const stamps = [...match.seats, ...match.reports, ...match.settlements].map((part) => part.stamp);
        for (const at of [...stamps, match.startedAt ?? CREATED, match.finishedAt ?? CREATED]) {
          expect(new Date(Number.parseInt(at.slice(0, 12), 16)).toISOString()).toMatch(/^\d{4}-/);
        }
        expect(match.finishedAt === null).toBe(match.state !== "finished");
        expect(match.seats.filter(({ status }) => status === "seated").length).toBeLessThanOrEqual(
          match.capacity,
        );
      }),
      seeded(500),
    );
  });

  it("[CAN1] its canonical form has everything that servers agree on, whatever order it was made in", () => {
    const settlements = { one: `${FINISHED} ${A}=1,${B}=1 a draw` };
    const seats = { ...MAPS.seats, [`${FINISHED}/${D}`]: true };
    const canonical = canonicalMatch(project(ROOT, { ...MAPS, seats, settlements }));
    const turned = Object.fromEntries(
      Object.entries({ ...MAPS, seats, settlements }).map(([name, registers]) => [
        name,
        Object.fromEntries(Object.entries(registers).reverse()),
      ]),
    );
    expect(canonicalMatch(project(ROOT, turned))).toBe(canonical);
    const hash = (a: number, b: number): string => rankingHash({ [A]: a, [B]: b });
    const ranks = (a: number, b: number): string => `{"${A}":${a},"${B}":${b}}`;
    const seat = (id: string, stamp: string, status: string): string =>
      `{"playerId":"${id}","stamp":"${stamp}","status":"${status}"}`;
    const entrants = [A, B, C, D].map((id) => `{"entries":1,"playerId":"${id}"}`);
    expect(canonical).toBe(
      `{"address":"203.0.113.7:7777","capacity":2,"createdAtMs":1700000000000,"entrants":[${entrants}],` +
        `"finishedAt":"${FINISHED}",` +
        `"homeServer":"eu-1","hostId":"${A}","id":"${MATCH_ID}",` +
        `"lateSeats":[{"playerId":"${D}","stamp":"${FINISHED}"}],"metadata":{"map":"castle","ranked":true},` +
        `"mode":"duel","region":"eu","reports":[{"playerId":"${A}","ranking":"${hash(1, 2)}","stamp":"${FINISHED}"},` +
        `{"playerId":"${B}","ranking":"${hash(2, 1)}","stamp":"${FINISHED}"}],` +
        `"result":{"ranks":${ranks(1, 1)},"status":"settled"},` +
        `"seats":[${seat(A, CREATED, "seated")},${seat(B, JOINED, "seated")},${seat(C, JOINED, "overflow")}],` +
        `"settlements":[{"id":"one","ranks":${ranks(1, 1)},"reason":"a draw","stamp":"${FINISHED}"}],` +
        `"startedAt":"${STARTED}","state":"finished"}`,
    );
  });
});
