import { describe, expect, it } from "vitest";
import {
  ageText,
  countText,
  localInputText,
  momentIn,
  piecesOf,
  playerName,
  shortHash,
  shortId,
  withShortIds,
} from "../../../src/console/parts/words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("words of the operators' page", () => {
  it.each([
    [-5_000, "now"],
    [999, "now"],
    [1_000, "1 s ago"],
    [MINUTE - 1, "59 s ago"],
    [MINUTE, "1 min ago"],
    [HOUR - 1, "59 min ago"],
    [HOUR, "1 h ago"],
    [DAY - 1, "23 h ago"],
    [DAY, "1 d ago"],
    [400 * DAY, "400 d ago"],
  ])("an age of %i ms is %s", (ms, text) => {
    expect(ageText(ms)).toBe(text);
  });

  it("ids are short by their ends, hashes by their beginnings", () => {
    expect(shortId("01936fb0-7c1e-7000-8000-0123456789ab")).toBe("…456789ab");
    expect(shortHash("0123456789abcdef")).toBe("01234567");
  });

  it("a player is named by its handle, else by what it calls itself", () => {
    expect(playerName({ handle: "ada#1234", displayName: "Ada" })).toBe("ada#1234");
    expect(playerName({ handle: null, displayName: "Ada" })).toBe("Ada");
    expect(playerName({ handle: null, displayName: null })).toBeNull();
  });

  it("counts name what is counted", () => {
    expect(countText(1, "change")).toBe("1 change");
    expect(countText(0, "change")).toBe("0 changes");
    expect(countText(1_000_000, "entry", "entries")).toBe("1,000,000 entries");
  });

  it("moments go through an input of the local time and back", () => {
    for (const moment of ["2026-01-31T12:00:00.000Z", "2026-07-31T23:59:00.000Z"]) {
      const text = localInputText(new Date(moment));
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
      expect(momentIn(text)).toBe(moment);
    }
    expect(momentIn("2026-01-31")).toBe("2026-01-31T00:00:00.000Z");
    for (const text of ["", "yesterday"]) expect(momentIn(text)).toBe("");
  });

  it("finds the ids in a sentence, at odd places, and cuts them short", () => {
    const [one, other] = ["01a21973-0a92-7ff5-bd52-76183bb8b6f7", "01a21973-0a9d-70ec-b235-7063caf5cb2b"];
    expect(piecesOf(`${one} claimed it, while ${other} did`)).toEqual([
      "",
      one,
      " claimed it, while ",
      other,
      " did",
    ]);
    expect(piecesOf("nobody did")).toEqual(["nobody did"]);
    expect(piecesOf(`it is ${one}`)).toEqual(["it is ", one, ""]);
    expect(withShortIds(`${one}=1, ${other}=2`)).toBe("…3bb8b6f7=1, …caf5cb2b=2");
  });
});
