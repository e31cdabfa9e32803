/** Whatever a client sends as a body, it is either taken as it is or refused whole. */
import fc from "fast-check";
import supertest from "supertest";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonFaults } from "../../src/http/json-guard.ts";
import { jsonSyntaxFault } from "../../src/http/json-syntax.ts";
import { API_KEY, type HttpWorld, openHttpWorld } from "../support/http-app.ts";

/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;
const RUNS = 300;

const FIELDS = [
  "username",
  "displayName",
  "region",
  "platform",
  "metadata",
  "identity",
  "provider",
  "subject",
];
const key = fc.oneof(
  fc.constantFrom(...FIELDS, "__proto__", "constructor", ""),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const scalar = fc.oneof(
  fc.constantFrom("eu", "Ada", 7, true, null, 2 ** 53, -(2 ** 53) + 1),
  fc.string({ unit: "binary", maxLength: 70 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.double(),
  fc.maxSafeInteger(),
);
/** Objects that are nearly right, often with one of the fields that there are. */
const nearlyRight = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));
const registration = fc.record(
  {
    username: scalar,
    displayName: scalar,
    region: scalar,
    metadata: fc.dictionary(key, scalar, { maxKeys: 3 }),
    identity: fc.record({ provider: fc.constantFrom("steam", "x"), subject: scalar }),
  },
  { requiredKeys: [] },
);
const creation = fc.record(
  {
    mode: fc.constantFrom<unknown>("duel", "race", "free for all"),
    capacity: fc.oneof(fc.integer({ min: -1, max: 1_002 }), scalar),
    region: fc.oneof(fc.constant("eu"), scalar),
    address: fc.oneof(fc.ipV6(), scalar),
    metadata: fc.dictionary(key, scalar, { maxKeys: 3 }),
  },
  { requiredKeys: ["mode", "capacity"] },
);
const ban = fc.record(
  {
    reason: scalar,
    until: fc.oneof(
      scalar,
      fc
        .date({ min: new Date("1969-01-01"), max: new Date("+010020-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ),
  },
  { requiredKeys: ["reason"] },
);

/** Bodies of this form, and of none. */
function bodies(form: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc
    .oneof(form, nearlyRight.object, fc.json(), fc.string())
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
}

describe("any body", { timeout: SLOW_MACHINE_MS }, () => {
  let world: HttpWorld;
  let player: string;

  beforeAll(async () => {
    world = await openHttpWorld();
    player = (await supertest(world.app).post("/v1/players").send({})).headers.location ?? "";
  });

  it.each([
    ["post", "/v1/players", bodies(registration)],
    ["patch", "{player}", bodies(registration)],
    ["post", "/v1/matches", bodies(creation)],
    ["post", "{player}/bans", bodies(ban)],
  ] as const)("sent with %s to %s is a 2xx, or a 4xx that stores nothing", async (method, path, body) => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { app, registry, log, troubles } = world;
        const before = registry.digest();
        const { status } = await supertest(app)
          [method](path.replace("{player}", player))
          .set({ "Content-Type": "application/json", Authorization: `Bearer ${API_KEY}` })
          .serialize(String)
          .send(text);
        seen.add(status);
        // 409: a name that is taken.
        expect([200, 201, 400, 409]).toContain(status);
        if (status >= 400) expect(registry.digest()).toEqual(before);
        expect([log, troubles]).toEqual([[], []]);
      }),
      { numRuns: RUNS },
    );
    // Otherwise it would prove nothing.
    expect([...seen].some((status) => status < 300)).toBe(true);
    expect(seen).toContain(400);
  });
});

describe("jsonSyntaxFault", () => {
  it("finds a fault just where JSON.parse does", () => {
    const altered = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", ",", "}", "]", '"', "\\", "1", "e", "-", ".", " ", "\u0000", "\u0085", "nul"),
      )
      .map(([text, at, piece]) => {
        const index = at % (text.length + 1);
        return text.slice(0, index) + piece + text.slice(index + (at % 2));
      });
    fc.assert(
      fc.property(fc.oneof(altered, fc.string()), (text) => {
        const at = jsonSyntaxFault(text);
        expect(at === undefined).toBe(parses(text));
        if (at !== undefined) expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("jsonFaults", () => {
  it("refuses literals that JSON.parse makes infinite, wherever they are", () => {
    for (const literal of ["1e400", "-1e309", `${"9".repeat(400)}.5`]) {
      const faults = jsonFaults(JSON.parse(`{"a":[${literal}]}`));
      expect(faults).toEqual([{ pointer: "/a/0", detail: "must be a finite number" }]);
    }
  });

  it("refuses every whole number beyond 2^53 - 1, however it is written, and keeps all others exactly", () => {
    const LIMIT = 2n ** 53n - 1n;
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (number) => {
        const value: unknown = JSON.parse(String(number));
        const fits = number <= LIMIT && number >= -LIMIT;
        expect(jsonFaults(value).length === 0).toBe(fits);
        if (fits) expect(BigInt(value as number)).toBe(number);
      }),
    );
    for (const number of [LIMIT, LIMIT + 1n, LIMIT + 2n, -LIMIT, -LIMIT - 1n, -LIMIT - 2n]) {
      expect(jsonFaults(JSON.parse(String(number))).length === 0).toBe(number <= LIMIT && number >= -LIMIT);
    }
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
