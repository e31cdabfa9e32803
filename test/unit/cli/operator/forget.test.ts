import { describe, expect, it } from "vitest";
import { forgetPlan } from "../../../../src/cli/operator/forget-command.ts";
import { ago, clusterOf, member } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const CLUSTER = clusterOf("server-1", [
  member("server-2"),
  member("server-3", { state: "down", lastHeardAt: ago(90_000) }),
]);

describe("before a server is forgotten", () => {
  it("is said who it is, when it was heard, and what that means", () => {
    expect(shown(forgetPlan("server-3", CLUSTER, screen(80)))).toMatchInlineSnapshot(`
      "
      member server-3 of realm game  down, was heard 25 h ago
        All servers stop waiting for it. What it wrote and nobody heard is lost,
        unless it comes back: then it joins as new.
      "
    `);
  });

  it("may be one that was not heard since the asked server began", () => {
    expect(forgetPlan("server-4", CLUSTER, screen(80))[0]).toBe(
      "member server-4 of realm game  not heard since server-1 began",
    );
  });

  it.each([
    ["server-1", "server-1 is alive; stop it first, if it is to go"],
    ["server-2", "server-2 is alive; stop it first, if it is to go"],
  ])("is refused what the server would refuse: %s", (name, why) => {
    expect(() => forgetPlan(name, CLUSTER, screen(80))).toThrow(why);
  });
});
