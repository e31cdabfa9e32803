import { describe, expect, it } from "vitest";
import { handleOf } from "../../../crdt/handle.ts";

const ID = "018bcfe5-6800-7000-8000-0000000012ef";
const OTHER = "018bcfe5-6800-7000-8000-0000000034ab";

describe("handle", () => {
  it("[CLM1] is the name of whoever owns it", () => {
    expect(handleOf({ id: ID, username: "Ada" }, ID)).toBe("Ada");
  });

  it.each([OTHER, null, undefined])("[CLM1] is the name with digits of the id where %s owns it", (owner) => {
    expect(handleOf({ id: ID, username: "Ada" }, owner)).toBe("Ada#12ef");
  });

  it.each([ID, OTHER, null])("[CLM1] is null without a name, whoever %s is", (owner) => {
    expect(handleOf({ id: ID, username: null }, owner)).toBeNull();
  });
});
