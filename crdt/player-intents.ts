/**
 * What can be done to a player, as the writes that do it. Input is validated before it comes here.
 *
 * A write that would change nothing is left out, so that a repeated edit makes no change of its own.
 */
import { type Ban, formatBan, liftedKey } from "./bans.ts";
import type { Registers, Scalar, Write } from "./document.ts";
import { invariant } from "./errors.ts";
import { type Stamp, stampMs } from "./hybrid-clock.ts";
import type { DocumentId, Identity } from "./ids.ts";
import { identityKey, type Player } from "./player.ts";
import { BanNotFoundError, MergeIntoItselfError } from "./player-errors.ts";
import { formatUsernameClaim } from "./username-claim.ts";

/** The registers that a player may edit. */
const TEXT_FIELDS = ["displayName", "region", "platform"] as const;

/** Fields to set; null unsets one; what is absent stays. `metadata` is merged by key in the same way. */
export interface PlayerPatch {
  readonly username?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly region?: string | null | undefined;
  readonly platform?: string | null | undefined;
  readonly metadata?: { readonly [key: string]: Scalar | null } | null | undefined;
}

export interface Registration {
  readonly fields: PlayerPatch;
  readonly identity?: Identity | undefined;
}

interface Circumstances {
  readonly stamp: Stamp;
  /** The name of the server that takes the registration. */
  readonly homeServer: string;
}

/** The writes of a new player (onto the first change of its document). */
export function registrationWrites(
  registration: Registration,
  { stamp, homeServer }: Circumstances,
): Write[] {
  const { fields, identity } = registration;
  const writes: Write[] = [
    { map: null, key: "createdAt", value: stampMs(stamp) },
    { map: null, key: "homeServer", value: homeServer },
  ];
  if (identity) writes.push({ map: "identities", key: identityKey(identity), value: stamp });
  writes.push(...editWrites(NO_FIELDS, fields, stamp));
  return writes;
}

/** The writes of registering a player who is there already: only what is unset is set (ID1, ID2). */
export function fillWrites(player: Player, { fields, identity }: Registration, stamp: Stamp): Write[] {
  const unset = <T>(current: unknown, given: T): T | undefined => (current === null ? given : undefined);
  const metadata = Object.entries(fields.metadata ?? {}).filter(
    ([key]) => !Object.hasOwn(player.metadata, key),
  );
  const writes = editWrites(
    player,
    {
      username: unset(player.username, fields.username),
      displayName: unset(player.displayName, fields.displayName),
      region: unset(player.region, fields.region),
      platform: unset(player.platform, fields.platform),
      metadata: Object.fromEntries(metadata),
    },
    stamp,
  );
  return identity ? [...writes, ...linkIdentityWrites(player, identity, stamp)] : writes;
}

/** The writes that a merge patch comes to (PLY1); empty when the player is like that already. */
export function editWrites(current: EditableFields, patch: PlayerPatch, stamp: Stamp): Write[] {
  const writes: Write[] = [];
  const { username } = patch;
  if (username !== undefined && username !== current.username) {
    const value = username === null ? null : formatUsernameClaim({ stamp, name: username });
    writes.push({ map: null, key: "username", value });
  }
  for (const key of TEXT_FIELDS) {
    const value = patch[key];
    if (value !== undefined && value !== current[key]) writes.push({ map: null, key, value });
  }
  for (const [key, value] of metadataPatch(current.metadata, patch.metadata)) {
    const before = Object.hasOwn(current.metadata, key) ? current.metadata[key] : null;
    if (value !== before) writes.push({ map: "metadata", key, value });
  }
  return writes;
}

/** CLM4: the player claims the account; empty when it does already. */
export function linkIdentityWrites(
  player: Pick<Player, "identities">,
  identity: Identity,
  stamp: Stamp,
): Write[] {
  return isLinked(player, identity) ? [] : [{ map: "identities", key: identityKey(identity), value: stamp }];
}

/** The player gives the account up; empty when it has no such account. */
export function unlinkIdentityWrites(player: Pick<Player, "identities">, identity: Identity): Write[] {
  return isLinked(player, identity) ? [{ map: "identities", key: identityKey(identity), value: null }] : [];
}

function isLinked({ identities }: Pick<Player, "identities">, identity: Identity): boolean {
  return identities.some((linked) => identityKey(linked) === identityKey(identity));
}

/** PLY3: one more entry of the ban list; empty when it is there already, whatever became of it. */
export function banWrites(
  player: Pick<Player, "bans">,
  { id, ...ban }: Pick<Ban, "id" | "reason" | "by" | "untilMs">,
  stamp: Stamp,
): Write[] {
  if (player.bans.some((known) => known.id === id)) return [];
  return [{ map: "bans", key: id, value: formatBan({ ...ban, stamp }) }];
}

/** PLY3: this entry bans nobody any more; empty when it was lifted before. @throws BanNotFoundError */
export function liftBanWrites(player: Pick<Player, "id" | "bans">, banId: string, stamp: Stamp): Write[] {
  const ban = player.bans.find(({ id }) => id === banId);
  if (!ban) throw new BanNotFoundError(player.id, banId);
  return ban.lifted ? [] : [{ map: "bans", key: liftedKey(banId), value: stamp }];
}

/**
 * CLM4: the player and the other are one person, onto the document of the greater id, which the player has to be;
 * empty when that is written there already.
 * @throws MergeIntoItselfError
 */
export function mergeWrites(
  player: Pick<Player, "id" | "mergedWith">,
  otherId: DocumentId,
  stamp: Stamp,
): Write[] {
  if (otherId === player.id) throw new MergeIntoItselfError(otherId);
  invariant(otherId < player.id, "a merge is recorded with the greater id");
  return player.mergedWith.includes(otherId) ? [] : [{ map: "merges", key: otherId, value: stamp }];
}

type EditableFields = Pick<Player, "username" | "displayName" | "region" | "platform" | "metadata">;

const NO_FIELDS: EditableFields = {
  username: null,
  displayName: null,
  region: null,
  platform: null,
  metadata: {},
};

/** Null for the whole of the metadata unsets every key of it (RFC 7396). */
function metadataPatch(
  current: Readonly<Registers>,
  patch: PlayerPatch["metadata"],
): (readonly [string, Scalar | null])[] {
  if (patch === undefined) return [];
  if (patch === null) return Object.keys(current).map((key) => [key, null] as const);
  return Object.entries(patch);
}
