import { describe, expect, it } from "vitest";
import { violationsIn } from "../../scripts/check-imports.ts";

/** Violations among files given as path and text, written as the command prints them. */
function check(files: Record<string, string>): string[] {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return violationsIn(sources).map(({ file, line, imports, why }) => `${file}:${line} ${imports}: ${why}`);
}

const importing = (target: string) => `import { x } from "${target}";\nexport const y = x;\n`;

describe("direction", () => {
  it.each([
    ["crdt/player.ts", "../src/storage/log.ts"],
    ["src/storage/log.ts", "../gossip/pull.ts"],
    ["src/gossip/pull.ts", "../storage/log.ts"],
    ["src/gossip/pull.ts", "../registry/writer.ts"],
    ["src/storage/log.ts", "../registry/writer.ts"],
    ["src/registry/writer.ts", "../http/routes.ts"],
    ["src/http/routes.ts", "../server/main.ts"],
    ["src/http/contract/player.ts", "../routes.ts"],
    ["src/http/contract/player.ts", "../../markup/markup.ts"],
    ["src/markup/markup.ts", "../http/routes.ts"],
    ["src/lab/report/page.ts", "../../http/docs/prose.ts"],
    ["src/client/client.ts", "../http/routes.ts"],
    ["src/client/client.ts", "../../crdt/player.ts"],
    ["src/console/page.tsx", "../server/main.ts"],
    ["src/cli/status.ts", "../server/main.ts"],
    ["src/cli/demo/cluster.ts", "../../server/main.ts"],
    ["src/cli/doctor/checks.ts", "../../server/server.ts"],
    ["crdt/player.ts", "../test/support/players.ts"],
    ["src/server/main.ts", "../../scripts/bench/main.ts"],
  ])("refuses that %s imports %s", (file, target) => {
    expect(check({ [file]: importing(target) })).toHaveLength(1);
  });

  it.each([
    ["src/storage/log.ts", "../../crdt/player.ts"],
    ["src/storage/postgres/log.ts", "../log.ts"],
    ["src/registry/writer.ts", "../storage/log.ts"],
    ["src/registry/writer.ts", "../gossip/pull.ts"],
    ["src/http/routes.ts", "../registry/writer.ts"],
    ["src/http/routes.ts", "./contract/player.ts"],
    ["src/http/docs/page.ts", "../../markup/markup.ts"],
    ["src/lab/report/page.ts", "../../markup/markup.ts"],
    ["src/server/main.ts", "../http/routes.ts"],
    ["src/client/client.ts", "./players.ts"],
    ["src/cli/status.ts", "../client/client.ts"],
    ["src/cli/main.ts", "./demo/cluster.ts"],
    ["src/cli/serve.ts", "../server/main.ts"],
    ["src/cli/doctor/checks.ts", "../../server/settings.ts"],
    ["scripts/bench/main.ts", "../../src/server/main.ts"],
  ])("allows that %s imports %s", (file, target) => {
    expect(check({ [file]: importing(target) })).toEqual([]);
  });

  it("refuses a folder that no row names", () => {
    expect(check({ "src/misc/thing.ts": "export const x = 1;" })).toHaveLength(1);
  });
});

describe("every way to import", () => {
  it.each([
    ["a type", 'import type { X } from "../src/storage/log.ts";\nexport const x: X = 1;'],
    ["a side effect", 'import "../src/storage/log.ts";'],
    ["a re-export", 'export { x } from "../src/storage/log.ts";\nexport const y = 1;'],
    ["a re-export of all", 'export * from "../src/storage/log.ts";\nexport const y = 1;'],
    ["an import at run time", 'export const x = () => import("../src/storage/log.ts");'],
    ["a type named in place", 'export type X = import("../src/storage/log.ts").X;'],
  ])("sees %s", (_way, text) => {
    expect(check({ "crdt/player.ts": text })).toEqual([
      "crdt/player.ts:1 src/storage/log.ts: crdt imports only itself",
    ]);
  });

  it("sees none in comments and strings", () => {
    const text = '// import "../src/a.ts"\nexport const x = `\nimport "../src/a.ts";\n`;\n';
    expect(check({ "crdt/player.ts": text })).toEqual([]);
  });

  it("names the line", () => {
    const text = `import { createHash } from "node:crypto";\n\n${importing("../src/server/main.ts")}`;
    expect(check({ "crdt/player.ts": text })[0]).toMatch(/^crdt\/player\.ts:3 src\/server\/main\.ts: /);
  });
});

describe("types only", () => {
  const CONTRACT = "../http/contract/player.ts";

  it.each([
    `import type { player } from "${CONTRACT}";\nexport type P = typeof player;`,
    `export type { PlayerAnswer } from "${CONTRACT}";\nexport const x = 1;`,
    `export type P = import("${CONTRACT}").PlayerAnswer;`,
    'import type { z } from "zod";\nexport type Z = z.ZodType;',
  ])("allows the client types of the contract: %s", (text) => {
    expect(check({ "src/client/players.ts": text })).toEqual([]);
  });

  it.each([
    importing(CONTRACT),
    `import { type PlayerAnswer, player } from "${CONTRACT}";\nexport const p: PlayerAnswer = player;`,
    `export { player } from "${CONTRACT}";\nexport const x = 1;`,
    `export const p = () => import("${CONTRACT}");`,
    importing("zod"),
  ])("refuses the client values, which a browser would have to load: %s", (text) => {
    expect(check({ "src/client/players.ts": text })[0]).toContain("src/client imports only types");
  });

  it.each(["node:crypto", "undici"])("refuses the client the package %s, even as types", (name) => {
    const text = `import type { X } from "${name}";\nexport type Y = X;`;
    expect(check({ "src/client/players.ts": text })[0]).toContain(
      "src/client may import only the packages zod",
    );
  });
});

describe("packages", () => {
  it.each(["pg", "node:fs", "node:timers/promises", "@automerge/automerge-repo"])(
    "keeps %s out of crdt",
    (name) => {
      expect(check({ "crdt/player.ts": importing(name) })).toHaveLength(1);
    },
  );

  it("leaves other folders free", () => {
    expect(check({ "src/storage/log.ts": importing("pg") })).toEqual([]);
  });

  it.each(["@automerge/automerge", "@automerge/automerge/slim"])("keeps %s behind one file", (name) => {
    expect(check({ "crdt/automerge.ts": importing(name) })).toEqual([]);
    expect(check({ "crdt/player.ts": importing(name) })).toHaveLength(1);
    expect(check({ "src/registry/documents.ts": importing(name) })).toHaveLength(1);
  });
});

describe("cycles", () => {
  it("finds one and names its way round", () => {
    const found = check({
      "crdt/a.ts": importing("./b.ts"),
      "crdt/b.ts": importing("./c.ts"),
      "crdt/c.ts": importing("./b.ts"),
    });
    expect(found).toEqual(["crdt/c.ts:1 crdt/b.ts: a cycle: crdt/b.ts -> crdt/c.ts -> crdt/b.ts"]);
  });

  it("finds a file that imports itself", () => {
    expect(check({ "test/unit/a.test.ts": importing("./a.test.ts") })).toHaveLength(1);
  });

  it("allows two ways to one file", () => {
    const found = check({
      "crdt/a.ts": `${importing("./b.ts")}${importing("./c.ts")}`,
      "crdt/b.ts": importing("./c.ts"),
      "crdt/c.ts": "export const x = 1;",
    });
    expect(found).toEqual([]);
  });
});

describe("barrels", () => {
  it.each([
    'export * from "./b.ts";',
    'export { x } from "./b.ts";\nexport type { Y } from "./b.ts";',
    'import { x } from "./b.ts";\nexport { x };',
  ])("refuses %j", (text) => {
    expect(check({ "crdt/a.ts": text })).toHaveLength(1);
  });

  it("allows a file that also has something of its own", () => {
    expect(check({ "crdt/a.ts": 'export { x } from "./b.ts";\nexport const y = 1;' })).toEqual([]);
  });
});
