import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Write } from "../../../crdt/document.ts";
import { InvariantError } from "../../../crdt/errors.ts";
import { stateOfWrites } from "../../../crdt/first-change.ts";
import { PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../../crdt/player.ts";
import {
  banWrites,
  editWrites,
  fillWrites,
  liftBanWrites,
  linkIdentityWrites,
  mergeWrites,
  type PlayerPatch,
  type Registration,
  registrationWrites,
  unlinkIdentityWrites,
} from "../../../crdt/player-intents.ts";
import { patches, registrations } from "../../support/player-arbitraries.ts";
import { actorOf, PLAYER_ID, Replica } from "../../support/replica.ts";
import { seeded } from "../../support/seeded.ts";

/** 2023-11-14T22:13:20Z, and a little later. */
const STAMP = "018bcfe568000000";
const LATER = "018bcfe568000001";
const CIRCUMSTANCES = { stamp: STAMP, homeServer: "eu-1" };
/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;
const LESSER_ID = "00000000-0000-8000-8000-000000000000";
const STEAM = { provider: "steam", subject: "7" };

function registered(registration: Registration): Player {
  const writes = registrationWrites(registration, CIRCUMSTANCES);
  return playerOf(writes);
}

/** The player whom these writes make. */
function playerOf(writes: readonly Write[]): Player {
  return projectPlayer(PLAYER_ID, stateOfWrites(PLAYER_FIRST_CHANGE, actorOf(1), writes));
}

const ADA = registered({
  fields: { username: "Ada", region: "eu", metadata: { level: 1, clan: "red" } },
  identity: STEAM,
});

/** The player, as far as a client can set it, after a merge patch (RFC 7396), by the book. */
function patched(player: Player, { metadata, ...fields }: PlayerPatch): object {
  const before = { username: player.username, displayName: player.displayName };
  const labels = { region: player.region, platform: player.platform };
  const merged = metadata === null ? {} : { ...player.metadata, ...metadata };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return {
    ...before,
    ...labels,
    ...fields,
    metadata: Object.fromEntries(kept.map(([key, v]) => [key, v === 0 ? 0 : v])),
  };
}

function settable(player: Player): object {
  const { username, displayName, region, platform, metadata } = player;
  return { username, displayName, region, platform, metadata: { ...metadata } };
}

describe("player intents", { timeout: SLOW_MACHINE_MS }, () => {
  it("[REG1] a registration sets when, where and by which identity, and the fields given", () => {
    expect(
      registrationWrites(
        { fields: { username: "Ada", metadata: { level: 1 } }, identity: STEAM },
        CIRCUMSTANCES,
      ),
    ).toEqual<Write[]>([
      { map: null, key: "createdAt", value: 1_700_000_000_000 },
      { map: null, key: "homeServer", value: "eu-1" },
      { map: "identities", key: "steam:7", value: STAMP },
      { map: null, key: "username", value: `${STAMP} Ada` },
      { map: "metadata", key: "level", value: 1 },
    ]);
  });

  it("[REG1] nulls in a registration set nothing", () => {
    const fields = { username: null, region: null, metadata: { level: null, constructor: null } };
    expect(registrationWrites({ fields }, CIRCUMSTANCES).map(({ key }) => key)).toEqual([
      "createdAt",
      "homeServer",
    ]);
  });

  it("[REG1] registering again fills what is unset and leaves what is set", () => {
    const again = {
      fields: { username: "Other", displayName: "Ada L.", region: "us", metadata: { level: 9, vip: true } },
      identity: { provider: "psn", subject: "8" },
    };
    expect(fillWrites(ADA, again, LATER)).toEqual<Write[]>([
      { map: null, key: "displayName", value: "Ada L." },
      { map: "metadata", key: "vip", value: true },
      { map: "identities", key: "psn:8", value: LATER },
    ]);
  });

  it("[REG1] registering twice with the same is registering once", () => {
    fc.assert(
      fc.property(registrations, (registration) => {
        expect(fillWrites(registered(registration), registration, LATER)).toEqual([]);
      }),
      seeded(200),
    );
  });

  it("[PAT1] an edit writes what differs, and a rename is a new claim", () => {
    const patch = {
      username: "Grace",
      displayName: null,
      region: null,
      metadata: { level: 1, clan: null, vip: null },
    };
    expect(editWrites(ADA, patch, LATER)).toEqual<Write[]>([
      { map: null, key: "username", value: `${LATER} Grace` },
      { map: null, key: "region", value: null },
      { map: "metadata", key: "clan", value: null },
    ]);
  });

  it("[PAT1] null for the metadata unsets every key, null for the username ends the claim", () => {
    expect(editWrites(ADA, { username: null, metadata: null }, LATER)).toEqual<Write[]>([
      { map: null, key: "username", value: null },
      { map: "metadata", key: "clan", value: null },
      { map: "metadata", key: "level", value: null },
    ]);
  });

  it("[PAT1] an edit that changes nothing writes nothing", () => {
    const { username, displayName, region, platform, metadata } = ADA;
    expect(editWrites(ADA, { username, displayName, region, platform, metadata }, LATER)).toEqual([]);
    expect(editWrites(ADA, {}, LATER)).toEqual([]);
  });

  it("[PAT1] keys of metadata are data: those that every object inherits are unset until they are set", () => {
    expect(editWrites(ADA, { metadata: { constructor: "mine", toString: null } }, LATER)).toEqual<Write[]>([
      { map: "metadata", key: "constructor", value: "mine" },
    ]);
    expect(fillWrites(ADA, { fields: { metadata: { constructor: "mine" } } }, LATER)).toHaveLength(1);
  });

  it("[CLM4] linking an identity claims it, once; unlinking ends the claim", () => {
    const psn = { provider: "psn", subject: "8" };
    expect(linkIdentityWrites(ADA, psn, LATER)).toEqual<Write[]>([
      { map: "identities", key: "psn:8", value: LATER },
    ]);
    expect(linkIdentityWrites(ADA, STEAM, LATER)).toEqual([]);
    expect(unlinkIdentityWrites(ADA, STEAM)).toEqual<Write[]>([
      { map: "identities", key: "steam:7", value: null },
    ]);
    expect(unlinkIdentityWrites(ADA, psn)).toEqual([]);
  });

  it("[PLY3] a ban is an entry of its own, and lifting it another one", () => {
    const ban = { id: "ban-1", reason: "cheated in ranked", by: "ops", untilMs: 1_800_000_000_000 };
    expect(banWrites(ADA, ban, LATER)).toEqual<Write[]>([
      { map: "bans", key: "ban-1", value: `${LATER} ops 1800000000000 cheated in ranked` },
    ]);
    const banned = playerOf(banWrites(ADA, ban, STAMP));
    expect(banned.bans).toEqual([{ ...ban, fromMs: 1_700_000_000_000, lifted: false }]);
    expect(banWrites(banned, { ...ban, reason: "another" }, LATER)).toEqual([]);
    expect(liftBanWrites(banned, "ban-1", LATER)).toEqual<Write[]>([
      { map: "bans", key: "ban-1/lifted", value: LATER },
    ]);
    const lifted = playerOf([...banWrites(ADA, ban, STAMP), ...liftBanWrites(banned, "ban-1", LATER)]);
    expect(lifted.bans).toMatchObject([{ id: "ban-1", lifted: true }]);
    expect(liftBanWrites(lifted, "ban-1", LATER)).toEqual([]);
    expect(banWrites(lifted, ban, LATER)).toEqual([]);
  });

  it("[PLY3] a ban that is not there cannot be lifted", () => {
    expect(() => liftBanWrites(ADA, "ban-1", LATER)).toThrow(
      expect.objectContaining({ name: "BanNotFoundError", code: "ban-not-found" }),
    );
  });

  it("[CLM4] a merge is recorded once, with the greater id", () => {
    const merge: Write = { map: "merges", key: LESSER_ID, value: LATER };
    expect(mergeWrites(ADA, LESSER_ID, LATER)).toEqual([merge]);
    expect(playerOf([merge]).mergedWith).toEqual([LESSER_ID]);
    expect(mergeWrites(playerOf([merge]), LESSER_ID, LATER)).toEqual([]);
    expect(() => mergeWrites({ id: LESSER_ID, mergedWith: [] }, PLAYER_ID, LATER)).toThrow(InvariantError);
  });

  it("[CLM4] nobody is merged into itself", () => {
    expect(() => mergeWrites(ADA, PLAYER_ID, LATER)).toThrow(
      expect.objectContaining({ name: "MergeIntoItselfError", code: "merge-into-itself" }),
    );
  });

  it("[PAT1] after an edit the player is as a merge patch makes it, and the same edit again writes nothing", () => {
    fc.assert(
      fc.property(registrations, fc.array(patches, { maxLength: 4 }), (registration, edits) => {
        const replica = new Replica(1);
        replica.register(registration, 0);
        for (const patch of edits) {
          const before = replica.player() as Player;
          replica.edit(patch, 0);
          const after = replica.player() as Player;
          expect(settable(after)).toEqual(patched(before, patch));
          expect(editWrites(after, patch, LATER)).toEqual([]);
        }
        replica.free();
      }),
      seeded(60),
    );
  });
});
