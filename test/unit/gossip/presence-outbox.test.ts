import { describe, expect, it } from "vitest";
import { FRAME_BYTES_MAX } from "../../../src/gossip/frame.ts";
import { encodeMessage } from "../../../src/gossip/message.ts";
import { PresenceOutbox } from "../../../src/gossip/presence-outbox.ts";
import { idOf } from "../../support/log-fixtures.ts";

function presenceOf(player: number, address: string | null = null) {
  return { playerId: idOf(player), matchId: null, address };
}

describe("what is to be said of players' presence", () => {
  it("[PRS1] is said once, with what is left of the lease", () => {
    const outbox = new PresenceOutbox();
    outbox.add(presenceOf(1), 1_000.25);
    outbox.add(presenceOf(2), 1_050);
    expect(outbox.take(1_100)).toEqual([
      {
        type: "presence",
        signs: [
          { ...presenceOf(1), leftMs: 29_900 },
          { ...presenceOf(2), leftMs: 29_950 },
        ],
      },
    ]);
    expect(outbox.take(1_200)).toEqual([]);
  });

  it("[PRS1] is the last sign of each player, if it still holds", () => {
    const outbox = new PresenceOutbox();
    outbox.add(presenceOf(1, "old.example"), 0);
    outbox.add(presenceOf(2), 0);
    outbox.add(presenceOf(1, "new.example"), 10_000);
    expect(outbox.take(30_000)).toEqual([
      { type: "presence", signs: [{ ...presenceOf(1, "new.example"), leftMs: 10_000 }] },
    ]);
  });

  it("[PRS1] fits messages of a thousand signs, and frames whatever the addresses are", () => {
    const outbox = new PresenceOutbox();
    for (let player = 0; player < 2_500; player++) outbox.add(presenceOf(player), 0);
    const short = outbox.take(0);
    expect(short.map(({ signs }) => signs.length)).toEqual([1_000, 1_000, 500]);

    for (let player = 0; player < 1_000; player++) outbox.add(presenceOf(player, "\u20ac".repeat(512)), 0);
    const long = outbox.take(0);
    expect(long.flatMap(({ signs }) => signs)).toHaveLength(1_000);
    for (const message of long) {
      expect(encodeMessage({ server: "eu-1", message }).length).toBeLessThan(FRAME_BYTES_MAX / 2);
    }
  });
});
