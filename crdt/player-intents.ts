/**
 * What can be done to a player, as the writes that do it. Input is validated before it comes here.
 *
 * A write that would change nothing is left out, so that a repeated edit makes no change of its own.
 */
import type { Registers, Scalar, Write } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { stampMs } from "./hybrid-clock.ts";
import type { Identity } from "./ids.ts";
import { identityKey, type Player } from "./player.ts";
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
  const linked = player.identities.map(identityKey);
  if (identity && !linked.includes(identityKey(identity))) {
    writes.push({ map: "identities", key: identityKey(identity), value: stamp });
  }
  return writes;
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
