/**
 * `crdt/SPEC.md`, `docs/replication.md` and the tests name the same rules: each rule has a test whose title cites
 * it, and no title cites a rule that is not written down.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const ID = "[A-Z]{2,3}[0-9]+";
const NOT_YET = "## Not yet";

const [rulesText = "", notYetText = ""] = readFileSync(join(ROOT, "crdt/SPEC.md"), "utf8").split(NOT_YET);
const replicationText = readFileSync(join(ROOT, "docs/replication.md"), "utf8");
const rules = matches(rulesText + replicationText, `^- \\*\\*(${ID})\\*\\* `);
const notYet = matches(notYetText, `\\b(${ID})\\b`);
const cited = citedIds();

/** What the first group of the pattern finds, in order. */
function matches(text: string, pattern: string): string[] {
  return [...text.matchAll(new RegExp(pattern, "gm"))].map(([, group]) => group ?? "");
}

/** Of the titles of all tests: first arguments that begin with ids in brackets. */
function citedIds(): Set<string> {
  const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "test", file), "utf8"));
  const titles = texts.flatMap((text) => matches(text, `\\(\\s*["'\`]((?:\\[${ID}\\] ?)+)`));
  return new Set(titles.flatMap((title) => matches(title, `(${ID})`)));
}

describe("what is specified", () => {
  it("has rules, each with an id of its own", () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it("has no rule without a test whose title cites it", () => {
    expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  });

  it("has every rule that a test cites", () => {
    expect([...cited].filter((id) => !rules.includes(id))).toEqual([]);
  });

  it("has no rule that it says does not exist yet", () => {
    expect(rules.filter((id) => notYet.includes(id))).toEqual([]);
  });
});
