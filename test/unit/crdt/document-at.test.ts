import { describe, expect, it } from "vitest";
import { LiveDocument } from "../../../crdt/automerge.ts";
import { differences, documentAt } from "../../../crdt/document-at.ts";
import { UnknownHeadError } from "../../../crdt/history.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { newAuthor } from "../../support/author.ts";

const [S1, S2, S3, S4] = ["0000000000010000", "0000000000020000", "0000000000030000", "0000000000040000"];

/** Registered at one server, changed at two that do not hear each other, then joined. */
function history() {
  const one = newAuthor(1);
  const registered = one.write(S1, { username: `${S1} Ada`, region: "eu", "metadata/level": 1 });
  const other = newAuthor(2, one);
  const left = one.write(S2, { region: "us" });
  const right = other.write(S3, { "metadata/level": 2, username: null });
  one.hear(other);
  const joined = one.write(S4, { region: null });
  return { one, registered, left, right, joined };
}

describe("a document at a set of heads", () => {
  it("[HIS4] is what these changes and their ancestors come to", () => {
    const { one, registered, left, right, joined } = history();
    const at = (...heads: string[]) => Object.fromEntries(documentAt(PLAYER_FIRST_CHANGE, one.held, heads));
    expect(at()).toEqual({});
    expect(at(registered.hash)).toEqual({ username: "Ada", region: "eu", "metadata/level": 1 });
    expect(at(left.hash)).toEqual({ username: "Ada", region: "us", "metadata/level": 1 });
    expect(at(right.hash)).toEqual({ region: "eu", "metadata/level": 2 });
    expect(at(left.hash, right.hash)).toEqual({ region: "us", "metadata/level": 2 });
    expect(at(joined.hash, left.hash)).toEqual({ "metadata/level": 2 });
  });

  it("[HIS4] is at the heads of a live document what that document says, in whatever order its changes came", () => {
    const { one } = history();
    const whole = documentAt(PLAYER_FIRST_CHANGE, [...one.held].reverse(), one.heads());
    const live = LiveDocument.from(
      PLAYER_FIRST_CHANGE,
      one.actor,
      one.held.map(({ bytes }) => bytes),
    );
    expect(live.heads()).toEqual(one.heads());
    expect(whole.get("metadata/level")).toBe(live.state().maps.metadata?.level);
    live.free();
  });

  it("[HIS4] of a change that is not known, or waits for its parent, is refused", () => {
    const { one, registered, left } = history();
    const without = one.held.filter((change) => change !== registered);
    for (const [changes, head] of [
      [one.held, "0".repeat(64)],
      [without, left.hash],
    ] as const) {
      expect(() => documentAt(PLAYER_FIRST_CHANGE, changes, [head])).toThrow(UnknownHeadError);
    }
  });
});

it("[HIS4] two states differ in what reads differently, either way", () => {
  const { one, left, right } = history();
  const from = documentAt(PLAYER_FIRST_CHANGE, one.held, [left.hash]);
  const to = documentAt(PLAYER_FIRST_CHANGE, one.held, [right.hash]);
  expect(differences(from, to)).toEqual([
    { path: "metadata/level", from: 1, to: 2 },
    { path: "region", from: "us", to: "eu" },
    { path: "username", from: "Ada" },
  ]);
  expect(differences(to, from).at(-1)).toEqual({ path: "username", to: "Ada" });
  expect(differences(from, from)).toEqual([]);
});
