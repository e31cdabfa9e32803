import { describe, expect, it } from "vitest";
import { ENTRY_KIND, type Entry } from "../../../crdt/entry.ts";
import {
  encodeMemberForgotten,
  type MemberForgotten,
  memberForgottenIn,
  membersOf,
  ORIGINS_MAX,
} from "../../../crdt/membership.ts";
import { entryOf, originOf } from "../../support/log-fixtures.ts";

function forgettingOf(body: Uint8Array, fields: Partial<Entry> = {}): Entry {
  const kind = ENTRY_KIND.memberForgotten;
  return entryOf({ sequence: 1, kind, documentId: null, hash: null, body, ...fields });
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("what an entry says of who is gone", () => {
  it.each<MemberForgotten>([
    { server: "eu-1", origins: [originOf(1), originOf(2)] },
    { server: "e", origins: [] },
    { server: "eu-1", origins: Array.from({ length: ORIGINS_MAX }, (_, at) => originOf(at)) },
  ])("[MBR1] is read as it was written", (said) => {
    expect(memberForgottenIn(forgettingOf(encodeMemberForgotten(said)))).toEqual(said);
  });

  it.each([
    ["no JSON", new Uint8Array([0xff, 0x00])],
    ["nothing", new Uint8Array(0)],
    ["no object", text([1])],
    ["null", text(null)],
    ["no name", text({ origins: [] })],
    ["no name of a server", text({ server: "a b", origins: [] })],
    ["no origins", text({ server: "eu-1", origins: "all" })],
    ["no origin", text({ server: "eu-1", origins: ["x"] })],
    ["an origin in capitals", text({ server: "eu-1", origins: ["A".repeat(32)] })],
    ["too many", text({ server: "eu-1", origins: Array(ORIGINS_MAX + 1).fill(originOf(1)) })],
  ])("[UNK1] is not understood with %s in it", (_, body) => {
    expect(memberForgottenIn(forgettingOf(body))).toBeUndefined();
  });

  it("[UNK1] is not understood of another kind or version", () => {
    const body = encodeMemberForgotten({ server: "eu-1", origins: [originOf(1)] });
    expect(memberForgottenIn(forgettingOf(body, { version: 2 }))).toBeUndefined();
    expect(memberForgottenIn(forgettingOf(body, { kind: ENTRY_KIND.originBegan }))).toBeUndefined();
  });
});

describe("members", () => {
  it("[MBR1] are the servers with an incarnation that was not forgotten", () => {
    const servers = new Map([
      [originOf(1), "eu-1"],
      [originOf(2), "eu-2"],
      [originOf(3), "eu-1"],
      [originOf(4), "eu-3"],
    ]);
    expect(membersOf(servers, new Set())).toEqual(["eu-1", "eu-2", "eu-3"]);
    expect(membersOf(servers, new Set([originOf(1), originOf(4), originOf(9)]))).toEqual(["eu-1", "eu-2"]);
    expect(membersOf(servers, new Set([originOf(1), originOf(3)]))).toEqual(["eu-2", "eu-3"]);
  });
});
