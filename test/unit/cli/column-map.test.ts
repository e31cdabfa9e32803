import { expect, test } from "vitest";
import { columnMap, registrationOf } from "../../../src/cli/import/column-map.ts";

function mapped(values: Record<string, unknown>, map: object = {}): unknown {
  return registrationOf({ line: 1, values }, columnMap.parse(map));
}

test("columns become what the map says, and those that are empty or not named nothing", () => {
  const columns = {
    nick: "username",
    steam: "identity.steam",
    level: "metadata.level:number",
    vip: "metadata.vip:boolean",
    extra: "metadata",
    country: "region",
  };
  const values = {
    id: 7n,
    nick: 42,
    steam: "s",
    level: "12",
    vip: "f",
    extra: '{"a":1}',
    country: "",
    age: 9,
  };
  expect(mapped(values, { source: "game", columns })).toEqual({
    idempotencyKey: "game:7",
    body: {
      username: "42",
      identity: { provider: "steam", subject: "s" },
      metadata: { level: 12, vip: false, a: 1 },
    },
  });
});

test("without a map, columns that are called as what they become are taken", () => {
  const values = { id: "a", username: "ada", "metadata.level": 3, createdAt: "2020", status: "active" };
  expect(mapped(values)).toEqual({
    idempotencyKey: "import:a",
    body: { username: "ada", metadata: { level: 3 } },
  });
});

test("[IMP1] a key that a header does not take is another key, the same each time", () => {
  const keys = ["Zoë", "zoë", "x".repeat(200), "with space", "with  space"].map((id) => mapped({ id }));
  expect(new Set(keys.map((each) => (each as { idempotencyKey: string }).idempotencyKey)).size).toBe(5);
  expect(mapped({ id: "Zoë" })).toEqual(keys[0]);
  for (const each of keys) {
    expect((each as { idempotencyKey: string }).idempotencyKey).toMatch(/^import::[0-9a-f]{64}$/);
  }
});

test.each([
  [{ id: "" }, {}, "column id, the key, is empty"],
  [{ id: null }, {}, "column id, the key, is empty"],
  [{ id: 1 }, { columns: { nick: "username" } }, "there is no column nick"],
  [{ id: 1, level: "x" }, { columns: { level: "metadata.level:number" } }, "column level has no number"],
  [{ id: 1, vip: "x" }, { columns: { vip: "metadata.vip:boolean" } }, "column vip has no boolean"],
  [{ id: 1, extra: "[1]" }, { columns: { extra: "metadata" } }, "column extra has no JSON object"],
  [{ id: 1, extra: "{" }, { columns: { extra: "metadata" } }, "column extra has no JSON object"],
])("[IMP2] %j by %j is no player: %s", (values, map, fault) => {
  expect(mapped(values, map)).toEqual({ fault });
});
