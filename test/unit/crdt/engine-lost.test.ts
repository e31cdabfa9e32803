/** A trap of WebAssembly is no fault of the change that met it. */
import { expect, test, vi } from "vitest";
import { decodeChange, LiveDocument } from "../../../crdt/automerge.ts";
import { EngineLostError } from "../../../crdt/errors.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";

vi.mock("@automerge/automerge", async (original) => ({
  ...(await original<typeof import("@automerge/automerge")>()),
  decodeChange: () => {
    throw Object.assign(new Error("unreachable"), { name: "RuntimeError" });
  },
}));

test("[UNK2] a lost WebAssembly instance is told as such, so that nothing good is quarantined", () => {
  const document = LiveDocument.from(PLAYER_FIRST_CHANGE, "a".repeat(32), []);
  const head = { timeMs: 1, message: "an edit" };
  document.edit(head, [{ map: null, key: "region", value: "eu" }]);
  const { bytes, hash } = document.edit(head, [{ map: null, key: "region", value: null }]);
  expect(() => decodeChange(bytes, hash)).toThrow(EngineLostError);
});
