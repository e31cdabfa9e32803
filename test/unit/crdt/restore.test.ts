import { describe, expect, it } from "vitest";
import { LiveDocument } from "../../../crdt/automerge.ts";
import { DocumentHistory } from "../../../crdt/history.ts";
import { PLAYER_FIRST_CHANGE, projectPlayer } from "../../../crdt/player.ts";
import { editWrites } from "../../../crdt/player-intents.ts";
import { NothingToRestoreError, type Restoration, restoringPatch } from "../../../crdt/restore.ts";
import { type Author, newAuthor } from "../../support/author.ts";
import { idOf } from "../../support/log-fixtures.ts";

const [S1, S2, S3, S4] = ["0000000000010000", "0000000000020000", "0000000000030000", "0000000000040000"];

/** Two sides of a split, one of which lost in every register. */
function split() {
  const one = newAuthor(1);
  const registered = one.write(S1, { region: "eu", displayName: "Ada" });
  const other = newAuthor(2, one);
  const mine = one.write(S2, { region: "us", username: `${S2} Ada`, "metadata/level": 1, displayName: null });
  const theirs = other.write(S3, { region: "asia", username: `${S3} Eve`, "metadata/level": 2 });
  one.hear(other);
  return { one, registered, mine, theirs };
}

function playerOf({ held, actor }: Author) {
  const live = LiveDocument.from(
    PLAYER_FIRST_CHANGE,
    actor,
    held.map(({ bytes }) => bytes),
  );
  const player = projectPlayer(idOf(1), live.state());
  live.free();
  return player;
}

function restoreWrites(author: Author, restoration: Restoration) {
  const patch = restoringPatch(new DocumentHistory(PLAYER_FIRST_CHANGE, author.held), restoration);
  return editWrites(playerOf(author), patch, S4);
}

describe("restoring a value", () => {
  it("[HIS3] sets the register to what the change wrote, a name with a claim of its own", () => {
    const { one, mine, theirs } = split();
    const player = playerOf(one);
    const lost = player.region === "us" ? theirs : mine;
    const [region, name, level] = lost === mine ? ["us", "Ada", 1] : ["asia", "Eve", 2];
    const restore = (path: string, change = lost.hash) => restoreWrites(one, { path, change });
    expect(restore("region")).toEqual([{ map: null, key: "region", value: region }]);
    expect(restore("username")).toEqual([{ map: null, key: "username", value: `${S4} ${name}` }]);
    expect(restore("metadata/level")).toEqual([{ map: "metadata", key: "level", value: level }]);
  });

  it("[HIS3] unsets what the change unset, and writes nothing where it is so already", () => {
    const { one, registered, mine } = split();
    const restore = (path: string, change: string) => restoreWrites(one, { path, change });
    expect(restore("displayName", mine.hash)).toEqual([]);
    expect(restore("displayName", registered.hash)).toEqual([
      { map: null, key: "displayName", value: "Ada" },
    ]);
    one.write(S3, { displayName: "Ada L." });
    expect(restore("displayName", mine.hash)).toEqual([{ map: null, key: "displayName", value: null }]);
  });

  it("[HIS3] is refused for what is not a player's to say, and for a change that did not write it", () => {
    const { one, registered, mine } = split();
    const ban = one.write(S3, { "bans/one": `${S3} ops - cheating`, homeServer: "eu-9" });
    for (const [path, change] of [
      ["bans/one", ban.hash],
      ["homeServer", ban.hash],
      ["username", registered.hash],
      ["region", "0".repeat(64)],
      ["metadata", mine.hash],
    ] as const) {
      expect(() => restoreWrites(one, { path, change })).toThrow(NothingToRestoreError);
    }
  });
});
