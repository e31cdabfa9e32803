/** A registration is encoded and decoded without Automerge: the same result, in a fifth of the time. */
import { decodeChange as decodeRaw, encodeChange } from "@automerge/automerge";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { decodeChange, encodeOntoFirst } from "../../../crdt/automerge.ts";
import { changeHash } from "../../../crdt/change.ts";
import { stateOntoFirst } from "../../../crdt/first-change.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { registrationWrites } from "../../../crdt/player-intents.ts";
import { actorOf } from "../../support/replica.ts";

vi.mock("@automerge/automerge", async (importOriginal) => {
  const automerge = await importOriginal<typeof import("@automerge/automerge")>();
  return {
    ...automerge,
    encodeChange: vi.fn(automerge.encodeChange),
    decodeChange: vi.fn(automerge.decodeChange),
  };
});

const HEAD = { actor: actorOf(1), timeMs: 1_700_000_000_000, message: "note" };

describe("the short cut", () => {
  beforeEach(() => vi.clearAllMocks());

  it("[DOC4] a registration asks nothing of Automerge", () => {
    const fields = { username: "ada", metadata: { level: 7 } };
    const writes = registrationWrites({ fields }, { stamp: "018bcfe568000000", homeServer: "eu-1" });
    const { bytes, hash } = encodeOntoFirst(PLAYER_FIRST_CHANGE, HEAD, writes);
    const state = stateOntoFirst(PLAYER_FIRST_CHANGE, decodeChange(bytes, hash));
    expect(state?.maps.metadata).toEqual({ level: 7 });
    expect(encodeChange).not.toHaveBeenCalled();
    expect(decodeRaw).not.toHaveBeenCalled();
  });

  it("[DOC4] what is not plain is Automerge's", () => {
    const write = { map: null, key: "region", value: "eu" };
    encodeOntoFirst(PLAYER_FIRST_CHANGE, { ...HEAD, actor: "AB".repeat(16) }, [write]);
    expect(encodeChange).toHaveBeenCalledOnce();
    const { bytes } = PLAYER_FIRST_CHANGE;
    expect(decodeChange(bytes, changeHash(bytes)).operations).toHaveLength(6);
    expect(decodeRaw).toHaveBeenCalledOnce();
  });
});
