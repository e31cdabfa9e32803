import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DocumentState, Registers, Scalar } from "../../../crdt/document.ts";
import {
  canonicalPlayer,
  identityKey,
  PLAYER_FIRST_CHANGE,
  type Player,
  parseIdentityKey,
  projectPlayer,
} from "../../../crdt/player.ts";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import { anyKey, anyScalar, anyText } from "../../support/player-arbitraries.ts";
import { actorOf, PLAYER_ID } from "../../support/replica.ts";
import { seeded } from "../../support/seeded.ts";

const STAMP = "018bcfe568000007";
const LATER = "018bcfe568000008";
const LESSER_ID = "00000000-0000-8000-8000-000000000000";
/** Whoever wrote at the root, and whoever wrote to a map. */
const [ROOT_WRITER, MAP_WRITER] = [actorOf(1), actorOf(2)];

const UNSET: Player = {
  id: PLAYER_ID,
  username: null,
  usernameClaim: null,
  displayName: null,
  region: null,
  platform: null,
  metadata: {},
  identities: [],
  bans: [],
  mergedWith: [],
  createdAtMs: 0,
  homeServer: "",
};

function registers(values: { readonly [key: string]: Scalar }): Registers {
  return Object.assign(Object.create(null), values);
}

function project(root: { readonly [key: string]: Scalar }, maps: DocumentState["maps"] = {}): Player {
  return projectPlayer(PLAYER_ID, { root: registers(root), maps, writerOf });
}

function writerOf(map: string | null, key: string): string {
  return map === null && key === "username" ? ROOT_WRITER : MAP_WRITER;
}

function metadataOf(metadata: { readonly [key: string]: Scalar }): Registers {
  return { ...project({}, { metadata: registers(metadata) }).metadata };
}

describe("player", () => {
  it("[PLY1] is read from its registers and maps", () => {
    const player = project(
      {
        kind: "player",
        schema: 1,
        username: `${STAMP} Ada`,
        displayName: "Ada L.",
        region: "eu",
        platform: "pc",
        createdAt: 1_700_000_000_000,
        homeServer: "eu-1",
      },
      {
        metadata: registers({ level: 7, clan: "red", vip: true }),
        identities: registers({ "steam:8:9": STAMP, "psn:7": LATER }),
        bans: registers({ "ban-1": `${STAMP} ops - no reason`, "ban-1/lifted": LATER }),
        merges: registers({ [LESSER_ID]: STAMP }),
      },
    );
    expect({ ...player, metadata: { ...player.metadata } }).toEqual({
      id: PLAYER_ID,
      username: "Ada",
      usernameClaim: { stamp: STAMP, origin: ROOT_WRITER },
      displayName: "Ada L.",
      region: "eu",
      platform: "pc",
      metadata: { level: 7, clan: "red", vip: true },
      identities: [
        { provider: "psn", subject: "7", stamp: LATER, origin: MAP_WRITER },
        { provider: "steam", subject: "8:9", stamp: STAMP, origin: MAP_WRITER },
      ],
      bans: [
        {
          id: "ban-1",
          reason: "no reason",
          by: "ops",
          fromMs: 1_700_000_000_000,
          untilMs: null,
          lifted: true,
        },
      ],
      mergedWith: [LESSER_ID],
      createdAtMs: 1_700_000_000_000,
      homeServer: "eu-1",
    });
  });

  it("[STO1] of nothing, or of values of wrong types, is a player with everything unset", () => {
    expect(project({})).toEqual(UNSET);
    const wrong = {
      username: 7,
      displayName: true,
      region: 1.5,
      platform: false,
      createdAt: "now",
      homeServer: 3,
    };
    expect(project(wrong)).toEqual(UNSET);
  });

  it.each(["displayName", "region", "platform", "homeServer"] as const)(
    "[STO1] an unstorable %s reads as unset",
    (key) => {
      expect(project({ [key]: "x".repeat(256) })).toEqual({ ...UNSET, [key]: "x".repeat(256) });
      for (const text of ["x".repeat(257), "a\0b", "\ud800", "\udc00a"]) {
        expect(project({ [key]: text }), JSON.stringify(text)).toEqual(UNSET);
      }
      expect(project({ [key]: "😀" })).toEqual({ ...UNSET, [key]: "😀" });
    },
  );

  it("[STO1] an unstorable username reads as unset", () => {
    for (const name of ["x".repeat(129), "a\0b", "\ud800", "\ufdfa".repeat(128)]) {
      expect(project({ username: `${STAMP} ${name}` })).toEqual(UNSET);
    }
  });

  it.each([
    [0, 0],
    [253_402_300_799_999, 253_402_300_799_999],
    [253_402_300_800_000, 0],
    [-1, 0],
    [1.5, 0],
    [1e300, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])("[STO1] a createdAt of %d reads as %d", (createdAt, read) => {
    expect(project({ createdAt }).createdAtMs).toBe(read);
  });

  it("[STO1] unstorable keys and texts of metadata are left out, one by one", () => {
    const kept = {
      level: 7,
      title: "x".repeat(4_096),
      ["k".repeat(256)]: true,
      "": "empty",
      constructor: "mine",
    };
    const left = {
      long: "x".repeat(4_097),
      zero: "\0",
      half: "\ud800",
      "a\0": 1,
      ["k".repeat(257)]: 1,
      "\udfff": 1,
    };
    expect(metadataOf({ ...kept, ...left })).toEqual(kept);
  });

  it("[STO1] `__proto__` is no key of metadata, and changes no prototype", () => {
    const metadata = JSON.parse(`{"level":7,"__proto__":"polluted"}`) as Registers;
    const player = project({}, { metadata });
    expect(Object.keys(player.metadata)).toEqual(["level"]);
    expect(Object.getPrototypeOf(player.metadata)).toBeNull();
    expect(canonicalPlayer(player)).not.toContain("polluted");
  });

  it("[STO1] an identity that is unstorable or has no provider is left out", () => {
    const keys = [
      "steam:7",
      "psn:",
      `x:${"y".repeat(638)}`,
      `x:${"y".repeat(639)}`,
      "a\0:b",
      "a:\ud800",
      "steam",
      ":7",
      "",
    ];
    const identities = registers(Object.fromEntries(keys.map((key) => [key, STAMP])));
    expect(project({}, { identities }).identities.map(identityKey)).toEqual([
      "psn:",
      "steam:7",
      `x:${"y".repeat(638)}`,
    ]);
  });

  it.each([7, true, "", "now", STAMP.toUpperCase(), `${STAMP} `])(
    "[STO1] an identity linked at %j, which is no stamp, is left out, and so is a merge",
    (stamp) => {
      const maps = { identities: registers({ "steam:7": stamp }), merges: registers({ [LESSER_ID]: stamp }) };
      expect(project({}, maps)).toEqual(UNSET);
    },
  );

  it("[CLM4] merges lead to lesser ids alone, so that they cannot form a cycle", () => {
    const greater = "00000000-0000-8000-8000-000000000002";
    const keys = [LESSER_ID, PLAYER_ID, greater, "0", "", LESSER_ID.slice(1), `${LESSER_ID}0`];
    const merges = registers(Object.fromEntries(keys.map((key) => [key, STAMP])));
    expect(project({}, { merges }).mergedWith).toEqual([LESSER_ID]);
    const upper = registers({ "0000000A-0000-8000-8000-000000000000": STAMP });
    const last = "ffffffff-ffff-8fff-8fff-ffffffffffff";
    expect(
      projectPlayer(last, { root: registers({}), maps: { merges: upper }, writerOf }).mergedWith,
    ).toEqual([]);
  });

  it("[STO1] any state reads as a player whom every server can store", () => {
    const unstorable = fc.constantFrom(
      "a\0",
      "\ud800",
      "x".repeat(300),
      "x".repeat(5_000),
      "\ufdfa".repeat(100),
    );
    const text = fc.oneof(anyText, unstorable);
    const scalar = fc.oneof(
      anyScalar,
      text,
      fc.constant(STAMP),
      text.map((name) => `${STAMP} ${name}`),
      text.map((reason) => `${STAMP} ops - ${reason}`),
    );
    const fields = [
      "username",
      "displayName",
      "region",
      "platform",
      "createdAt",
      "homeServer",
      "kind",
      "other",
    ];
    const root = fc.dictionary(fc.constantFrom(...fields), scalar, { noNullPrototype: false });
    const map = fc.dictionary(
      fc.oneof(
        anyKey,
        unstorable,
        anyKey.map((key) => `steam:${key}`),
        anyKey.map((key) => `${key}/lifted`),
        fc.constant(LESSER_ID),
      ),
      scalar,
    );
    const maps = fc.record(
      { metadata: map, identities: map, bans: map, merges: map, other: map },
      { requiredKeys: [] },
    );
    let bans = 0;
    fc.assert(
      fc.property(root, maps, (rootOf, mapsOf) => {
        const player = projectPlayer(PLAYER_ID, { root: rootOf, maps: mapsOf, writerOf });
        const canonical = canonicalPlayer(player);
        expect(canonical).not.toMatch(/\\u0000|\\ud[89a-f]/);
        const indexed = [
          player.username && normaliseUsername(player.username),
          player.region,
          player.platform,
        ];
        for (const column of indexed) expect(Buffer.byteLength(column ?? "")).toBeLessThan(2_600);
        expect(new Date(player.createdAtMs).toISOString()).toMatch(/^\d{4}-/);
        const identities = player.identities.map(({ provider, subject }) => ({ provider, subject }));
        expect(identities.map(identityKey).map(parseIdentityKey)).toEqual(identities);
        expect((player.username === null) === (player.usernameClaim === null)).toBe(true);
        for (const { id, reason } of player.bans) {
          expect(id.length).toBeLessThanOrEqual(256);
          expect(reason.length).toBeLessThanOrEqual(4_096);
        }
        bans += player.bans.length;
      }),
      seeded(500),
    );
    expect(bans, "some bans are storable").toBeGreaterThan(20);
  });

  it("[CAN1] its canonical form has everything that servers agree on, whatever order it was made in", () => {
    const maps = {
      metadata: registers({ b: 2, a: 1 }),
      identities: registers({ "steam:7": STAMP, "psn:8": LATER }),
      bans: registers({ b2: `${STAMP} key 9 too`, b1: `${STAMP} ops - cheated`, "b2/lifted": LATER }),
      merges: registers({ [LESSER_ID]: STAMP }),
    };
    const turned = {
      metadata: registers({ a: 1, b: 2 }),
      identities: registers({ "psn:8": LATER, "steam:7": STAMP }),
      bans: registers({ "b2/lifted": LATER, b1: `${STAMP} ops - cheated`, b2: `${STAMP} key 9 too` }),
      merges: registers({ [LESSER_ID]: STAMP }),
    };
    const root = { username: `${STAMP} Ada`, createdAt: 5, homeServer: "eu-1" };
    expect(canonicalPlayer(project(root, maps))).toBe(
      `{"bans":[{"by":"ops","fromMs":1700000000000,"id":"b1","lifted":false,"reason":"cheated","untilMs":null},` +
        `{"by":"key","fromMs":1700000000000,"id":"b2","lifted":true,"reason":"too","untilMs":9}],` +
        `"createdAtMs":5,"displayName":null,"homeServer":"eu-1","id":"${PLAYER_ID}",` +
        `"identities":[["psn:8","${LATER}"],["steam:7","${STAMP}"]],"mergedWith":["${LESSER_ID}"],` +
        `"metadata":{"a":1,"b":2},"platform":null,"region":null,"username":"Ada","usernameStamp":"${STAMP}"}`,
    );
    expect(canonicalPlayer(project(root, turned))).toBe(canonicalPlayer(project(root, maps)));
  });

  it("[CAN1] its canonical form says when a name and an identity were claimed, and not by which incarnation", () => {
    const claimed = (stamp: string, writer: string): string => {
      const root = registers({ username: `${stamp} Ada` });
      const maps = { identities: registers({ "steam:7": STAMP }) };
      return canonicalPlayer(projectPlayer(PLAYER_ID, { root, maps, writerOf: () => writer }));
    };
    expect(claimed(STAMP, actorOf(1))).toBe(claimed(STAMP, actorOf(2)));
    expect(claimed(STAMP, actorOf(1))).not.toBe(claimed(LATER, actorOf(1)));
  });

  it("[PLY1] its document has maps for metadata, identities, bans and merges", () => {
    expect(PLAYER_FIRST_CHANGE.shape).toEqual({
      kind: "player",
      schema: 1,
      maps: ["metadata", "identities", "bans", "merges"],
    });
  });
});
