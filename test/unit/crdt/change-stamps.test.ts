import { afterAll, expect, it } from "vitest";
import { latestStampIn } from "../../../crdt/change-stamps.ts";
import { STAMP_ZERO } from "../../../crdt/hybrid-clock.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { Author } from "../../support/author.ts";

const [S1, S2, S3] = ["0000000000010000", "0000000000020000", "0000000000030000"];
const author = new Author(1, PLAYER_FIRST_CHANGE);

afterAll(() => {
  author.free();
});

it("[CLK1] the latest stamp of a change is found in values and in keys, and nowhere else", () => {
  expect(latestStampIn(author.write(S1, { username: `${S2} Ada`, "identities/steam:7": S3 }))).toBe(S3);
  expect(latestStampIn(author.write(S1, { [`bans/${S2}/left`]: true, region: `x${S3}` }))).toBe(S2);
  expect(latestStampIn(author.write(S1, { displayName: `${S3}Ada`, "metadata/level": 7 }))).toBe(STAMP_ZERO);
  expect(latestStampIn(author.write(S1, { username: `ffffffffffffffff Ada` }))).toBe(STAMP_ZERO);
});
