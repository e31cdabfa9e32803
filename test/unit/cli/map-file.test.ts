/** What is wrong with a map, as its author is told. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMap } from "../../../src/cli/import/map-file.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder("map");
});

afterAll(() => folder.remove());

const NO_TARGET =
  "is nothing that a player has; expected username, displayName, region, platform, identity.<provider>, metadata, " +
  "or metadata.<key>, if need be with :number or :boolean";

test.each([
  ["{", "is no JSON: "],
  ["[]", ": must be a JSON object with source, key and columns"],
  ["null", ": must be a JSON object with source, key and columns"],
  ['{"colums":{}}', ": colums means nothing in a map; it has source, key and columns"],
  ['{"source":"with space"}', ": source must have 1 to 32 visible ASCII characters"],
  ['{"source":7}', ": source must be text"],
  ['{"key":7}', ": key must be the name of a column"],
  ['{"key":""}', ": key must be the name of a column"],
  ['{"columns":[]}', ": columns must be a JSON object: a column, and what it becomes"],
  ['{"columns":{"nick":"rank"}}', `: columns.nick ${NO_TARGET}`],
  [
    '{"columns":{"nick":7,"level":"metadata.a:date"}}',
    `: columns.nick ${NO_TARGET}; columns.level ${NO_TARGET}`,
  ],
])("%s is told by file, field and what was expected", (content, says) => {
  const path = join(folder.path, "map.json");
  writeFileSync(path, content);
  const wanted = says.startsWith(":")
    ? `--map ${path}${says}`
    : expect.stringContaining(`--map ${path} ${says}`);
  expect(() => readMap(path)).toThrow(expect.objectContaining({ code: "bad-usage", message: wanted }));
});

test("a map that is not there is told so", () => {
  expect(() => readMap(join(folder.path, "none.json"))).toThrow(/none\.json cannot be read: ENOENT/);
});
