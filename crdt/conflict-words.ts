/** A conflict in one English sentence, for people: who wanted what, what stands, and why. */
import type { Json } from "./canonical.ts";
import type { Actor } from "./change.ts";
import type { Candidate, Conflict } from "./conflict.ts";

/** More candidates are counted, not named. */
const NAMED_MAX = 4;
/** A longer value is cut, in characters. */
const SHOWN_LENGTH_MAX = 60;

/** `serverOf` names the server that an origin was an incarnation of. */
export function wordsOf(conflict: Conflict, serverOf: (origin: Actor) => string): string {
  switch (conflict.kind) {
    case "field":
      return fieldWords(conflict, serverOf);
    case "username":
    case "identity":
      return claimWords(conflict, serverOf);
    case "seat":
      return seatWords(conflict, serverOf);
    case "result":
      return resultWords(conflict, serverOf);
  }
}

type ServerOf = (origin: Actor) => string;

function fieldWords({ path, candidates, winner }: Conflict, serverOf: ServerOf): string {
  const wishes = candidates.map(({ value, origin }, index) => {
    const field = index === 0 ? path : "it";
    const wish = value === null ? `unset ${field}` : `set ${field} to ${shown(value)}`;
    return `${serverOf(origin)} ${wish}`;
  });
  const others = candidates.filter(({ value }) => value !== winner);
  const outlasts = winner !== null && others.every(({ value }) => value === null);
  const reason = outlasts ? "unsetting removes only what it knew of" : "later by Automerge's order";
  return `${opposed(wishes)}; ${winner === null ? "no value" : shown(winner)} stands: ${reason}`;
}

function claimWords({ kind, candidates, winner }: Conflict, serverOf: ServerOf): string {
  const thing = kind === "username" ? "the name" : "the identity";
  const claims = candidates.map(
    ({ playerId, value, origin }) => `${playerId} claimed ${thing} ${shown(value)} at ${serverOf(origin)}`,
  );
  return `${opposed(claims)}; ${winner} owns it: the earliest claim`;
}

function seatWords({ candidates }: Conflict, serverOf: ServerOf): string {
  const those = (status: string): string[] =>
    candidates
      .filter(({ value }) => value === status)
      .map(({ playerId, origin }) => `${playerId} at ${serverOf(origin)}`);
  const [overflow, late] = [those("overflow"), those("late")];
  const seated = candidates.length - overflow.length - late.length;
  const parts = [`${candidates.length} players joined, seats went to the earliest ${seated}`];
  if (overflow.length > 0) parts.push(`none was left for ${listed(overflow)}`);
  if (late.length > 0) parts.push(`the match had started before ${listed(late)} joined`);
  return parts.join("; ");
}

function resultWords({ candidates, winner }: Conflict, serverOf: ServerOf): string {
  const isSettlement = ({ playerId }: Candidate): boolean => playerId === undefined;
  const opinions = candidates.map((candidate) => {
    const who = isSettlement(candidate) ? "an operator settled on" : `${candidate.playerId} reported`;
    return `${who} ${ranking(candidate.value)} at ${serverOf(candidate.origin)}`;
  });
  if (winner === null) return `${opposed(opinions)}; none stands: no ranking has a majority of the seated`;
  const reason = candidates.some(isSettlement)
    ? "an operator settled it"
    : "a majority of the seated reported it";
  return `${opposed(opinions)}; ${ranking(winner)} stands: ${reason}`;
}

function opposed([first = "", ...others]: readonly string[]): string {
  return `${first}, while ${listed(others)}`;
}

/** Joined as a sentence does; past the first few they are counted. */
export function listed(parts: readonly string[], separator = " and "): string {
  const more = parts.length - NAMED_MAX;
  const named = parts.slice(0, NAMED_MAX);
  return (more > 0 ? [...named, `${more} more`] : named).join(separator);
}

/** A value as JSON, cut where it is long. */
export function shown(value: Json): string {
  const characters = [...JSON.stringify(value)];
  const cut = characters.length > SHOWN_LENGTH_MAX;
  return cut ? `${characters.slice(0, SHOWN_LENGTH_MAX).join("")}…` : characters.join("");
}

/** First the best. */
function ranking(ranks: Json): string {
  const places = Object.entries(ranks ?? {}).sort(([, one], [, other]) => one - other);
  return listed(
    places.map(([playerId, rank]) => `${playerId}=${rank}`),
    ", ",
  );
}
