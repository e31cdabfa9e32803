/**
 * What clients and operators can ask for, each with how often, on few people, names, accounts and matches, so that
 * servers meet on the same ones.
 */
import { type DocumentId, documentIdOfKey, type Identity } from "../../crdt/ids.ts";
import type { Match, MatchState, Ranks } from "../../crdt/match.ts";
import type { PlayerPatch } from "../../crdt/player-intents.ts";
import type { Position } from "../../crdt/position.ts";
import type { Random } from "../../src/lab/random.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { WrittenMatch, WrittenPlayer } from "../../src/registry/views.ts";
import { REALM } from "./server.ts";

/** What came of an intent that stands in the log. */
export interface Done {
  readonly position: Position;
  readonly playerId?: DocumentId;
  readonly matchId?: DocumentId;
  readonly erasedId?: DocumentId;
  /** For whoever reads the story of a seed. */
  readonly text: string;
}

/** Undefined where nothing was found to do it with. */
type Intent = (registry: Registry, random: Random, known: Known) => Promise<Done | undefined>;

/** What was acknowledged by any server, in that order; the one that is asked may not have heard of it. */
export interface Known {
  readonly players: ReadonlySet<DocumentId>;
  readonly matches: ReadonlySet<DocumentId>;
  readonly erased: ReadonlySet<DocumentId>;
}

export const MODES: readonly string[] = ["duel", "arena"];
const REGIONS = ["eu", "us", "asia"];
/** The first two are one name to the registry. */
const NAMES = ["Ada", "ada", "Bob", "Cleo", "Dana"];
/** Who registers by an account or a key. */
const PEOPLE = 8;
/** Those created last are played, or hardly any would come to a result. */
const MATCHES_PLAYED = 4;
const OPEN = { by: "open" };
const OPERATOR = { by: "ops" };

const register: Intent = async (registry, random) => {
  const username = random.chance(0.5) ? random.pick(NAMES) : undefined;
  const fields = { ...someFields(random), ...(username === undefined ? {} : { username }) };
  return ofPlayer(await registry.players.register({ fields, ...whoRegisters(random) }, OPEN));
};

const edit: Intent = async ({ players }, random, known) =>
  ofPlayer(await players.edit(somebody(random, known), someFields(random), OPEN));

const rename: Intent = async ({ players }, random, known) =>
  ofPlayer(await players.edit(somebody(random, known), { username: random.pick(NAMES) }, OPEN));

const giveNameUp: Intent = async ({ players }, random, known) =>
  ofPlayer(await players.edit(somebody(random, known), { username: null }, OPEN));

const link: Intent = async ({ players }, random, known) =>
  ofPlayer(await players.linkIdentity(somebody(random, known), someAccount(random), OPEN));

const unlink: Intent = async ({ players }, random, known) => {
  const id = somebody(random, known);
  const { identities } = await players.read(id, { whole: true });
  if (identities.length === 0) return undefined;
  return ofPlayer(await players.unlinkIdentity(id, random.pick(identities), OPEN));
};

const ban: Intent = async ({ players }, random, known) => {
  const untilMs = random.chance(0.5) ? null : FAR_FUTURE_MS;
  return ofPlayer(await players.ban(somebody(random, known), { reason: "cheating", untilMs }, OPERATOR));
};

const lift: Intent = async ({ players }, random, known) => {
  const id = somebody(random, known);
  const { player } = await players.read(id);
  const [inForce] = player.bans.filter(({ lifted }) => !lifted);
  return inForce && ofPlayer(await players.liftBan(id, inForce.id, OPERATOR));
};

const merge: Intent = async ({ players }, random, known) => {
  const [one, other] = [somebody(random, known), somebody(random, known)];
  if (one === other) return undefined;
  const done = ofPlayer(await players.merge(one, other, OPERATOR));
  return { ...done, text: `${one} and ${other} into ${done.text}` };
};

const erase: Intent = async ({ players }, random, known) => {
  const erasedId = somebody(random, known);
  return { ...(await players.erase(erasedId, OPERATOR)), erasedId, text: erasedId };
};

const create: Intent = async ({ matches }, random, known) => {
  const creation = {
    mode: random.pick(MODES),
    capacity: random.between(2, 3),
    region: random.pick(REGIONS),
    hostId: random.chance(0.7) ? somebody(random, known) : null,
    idempotencyKey: random.chance(0.5) ? String(random.between(1, 6)) : undefined,
  };
  return ofMatch(await matches.create(creation, OPEN));
};

const join: Intent = async ({ matches, matchReads }, random, known) => {
  const playerId = somebody(random, known);
  const id = someMatch(random, known, await idsOf(matchReads, ["open"]));
  return ofMatch(await matches.join(id, playerId, OPEN));
};

const leave: Intent = async ({ matches, matchReads }, random, known) => {
  const id = someMatch(random, known, await idsOf(matchReads, ["open"]));
  const [first] = (await matchReads.read(id)).match.seats;
  return first && ofMatch(await matches.leave(id, first.playerId, OPEN));
};

const start: Intent = async ({ matches, matchReads }, random, known) => {
  const id = someMatch(random, known, await idsOf(matchReads, ["open"]));
  return ofMatch(await matches.start(id, OPEN));
};

const cancel: Intent = async ({ matches, matchReads }, random, known) => {
  const id = someMatch(random, known, await idsOf(matchReads, ["open", "running"]));
  return ofMatch(await matches.cancel(id, OPEN));
};

/** Everybody who is seated says how it ended, mostly the same. */
const report: Intent = async ({ matches, matchReads }, random, known) => {
  const id = someMatch(random, known, await idsOf(matchReads, ["running", "finished"]));
  const seated = seatedIn((await matchReads.read(id)).match);
  if (seated.length === 0) return undefined;
  const ranks = ranking(seated, random.chance(0.15));
  return ofMatch(await matches.report(id, random.pick(seated), ranks, OPEN));
};

const settle: Intent = async ({ matches, matchReads }, random, known) => {
  const id = someMatch(random, known, await idsOf(matchReads, ["running", "finished"]));
  const ranks = ranking(seatedIn((await matchReads.read(id)).match), random.chance(0.5));
  return ofMatch(await matches.settle(id, { ranks, reason: "seen" }, OPERATOR));
};

/** So many of each in a hundred. */
export const INTENTS: readonly { readonly name: string; readonly weight: number; readonly act: Intent }[] = [
  { name: "register", weight: 17, act: register },
  { name: "edit", weight: 6, act: edit },
  { name: "rename", weight: 15, act: rename },
  { name: "give-name-up", weight: 6, act: giveNameUp },
  { name: "link", weight: 5, act: link },
  { name: "unlink", weight: 4, act: unlink },
  { name: "ban", weight: 2, act: ban },
  { name: "lift", weight: 2, act: lift },
  { name: "merge", weight: 2, act: merge },
  { name: "erase", weight: 2, act: erase },
  { name: "create", weight: 6, act: create },
  { name: "join", weight: 11, act: join },
  { name: "leave", weight: 2, act: leave },
  { name: "start", weight: 5, act: start },
  { name: "report", weight: 14, act: report },
  { name: "cancel", weight: 1, act: cancel },
  { name: "settle", weight: 1, act: settle },
];

/** Long after every simulation ends, whatever a wall clock says: 2100-01-01. */
const FAR_FUTURE_MS = 4_102_444_800_000;

function someFields(random: Random): PlayerPatch {
  return {
    displayName: random.chance(0.5) ? `name ${random.between(1, 9)}` : undefined,
    region: random.chance(0.5) ? random.pick(REGIONS) : undefined,
    metadata: { [`key-${random.between(1, 3)}`]: random.chance(0.2) ? null : random.between(0, 99) },
  };
}

function whoRegisters(random: Random): { identity?: Identity; idempotencyKey?: string } {
  if (random.chance(0.5)) return { identity: someAccount(random) };
  return random.chance(0.7) ? { idempotencyKey: String(random.between(1, PEOPLE)) } : {};
}

function someAccount(random: Random): Identity {
  return { provider: "steam", subject: String(random.between(1, PEOPLE)) };
}

/** Seldom one of whom it is known that it was erased. */
function somebody(random: Random, { players, erased }: Known): DocumentId {
  const those = random.chance(0.95) ? [...players].filter((id) => !erased.has(id)) : [...players];
  return those.length > 0 ? random.pick(those) : documentIdOfKey(REALM, "player", "nobody");
}

/** Mostly one of those that the server has to offer, sometimes one that it may not have heard of. */
function someMatch(random: Random, { matches }: Known, offered: readonly DocumentId[]): DocumentId {
  const those = offered.length > 0 && random.chance(0.9) ? offered : [...matches].slice(-MATCHES_PLAYED);
  return those.length > 0 ? random.pick(those) : documentIdOfKey(REALM, "match", "none");
}

/** Of those that are so, the few that were created last. */
async function idsOf(matches: Registry["matchReads"], states: readonly MatchState[]): Promise<DocumentId[]> {
  const lists = await Promise.all(states.map((state) => matches.list({ state, limit: MATCHES_PLAYED })));
  return lists.flatMap(({ items }) => items.map(({ match }) => match.id));
}

function seatedIn({ seats }: Match): DocumentId[] {
  return seats.filter(({ status }) => status === "seated").map(({ playerId }) => playerId);
}

function ranking(seated: readonly DocumentId[], isOpposite: boolean): Ranks {
  const ordered = isOpposite ? [...seated].reverse() : seated;
  return Object.fromEntries(ordered.map((id, index) => [id, index + 1]));
}

function ofPlayer({ player, position, handle }: WrittenPlayer): Done {
  return { position, playerId: player.id, text: `${player.id} (${handle})` };
}

function ofMatch({ match, position }: WrittenMatch): Done {
  return { position, matchId: match.id, text: `${match.id} (${match.state})` };
}
