import { describe, expect, it } from "vitest";
import { momentOf } from "../../../src/console/parts/moments.ts";

const AT = "2026-11-26T23:56:18.141Z";
const MS = Date.parse(AT);
const STAMP = `${MS.toString(16).padStart(12, "0")}002a`;
const PLAYER = "01936fb0-7c1e-7000-8000-0123456789ab";

describe("momentOf", () => {
  it.each<[string, unknown, string]>([
    ["createdAt", MS, ""],
    [`identities/steam:1`, STAMP, ""],
    [`merges/${PLAYER}`, STAMP, ""],
    [`bans/${PLAYER}`, `${STAMP} ops - for\ncheating`, "ops - for\ncheating"],
    [`bans/${PLAYER}/lifted`, STAMP, ""],
    [`reports/${PLAYER}`, `${STAMP} f91c`, "f91c"],
    [`settlements/${PLAYER}`, `${STAMP} ${PLAYER}=1 filmed`, `${PLAYER}=1 filmed`],
    [`facts/started/${STAMP}`, true, ""],
    [`seats/${STAMP}/${PLAYER}`, true, ""],
    [`seats/${STAMP}/${PLAYER}/left`, true, ""],
  ])("%s has a time, and what else is said", (path, value, rest) => {
    expect(momentOf(path, value)).toEqual({ date: new Date(AT), rest });
  });

  it.each<[string, unknown]>([
    ["createdAt", "a text"],
    ["createdAt", 1e300],
    ["metadata/createdAt", MS],
    ["metadata/seen", STAMP],
    ["region", STAMP],
    [`reports/ranking/f91c111ff1e9a1c6b5ccdbdebc5dfc2f`, `${PLAYER}=1`],
    [`reports/${PLAYER}`, `${STAMP}f91c`],
    ["facts/started", true],
    ["bans/none", null],
  ])("%s = %j has none", (path, value) => {
    expect(momentOf(path, value)).toBeUndefined();
  });
});
