/** A change in one English sentence, for people: who did what; where it met others, what stands, and why. */
import type { Json } from "./canonical.ts";
import type { Actor } from "./change.ts";
import type { ChangeReason } from "./change-note.ts";
import type { Conflict } from "./conflict.ts";
import { listed, shown, wordsOf } from "./conflict-words.ts";
import type { HistoryItem, RegisterSet } from "./history.ts";

/** What was done, where it says more than that registers were set. */
const DEEDS: { readonly [reason in ChangeReason]?: string } = {
  register: "registered the player",
  create: "created the match",
  start: "started the match",
  cancel: "cancelled the match",
  expire: "let the match expire",
  settle: "settled the result",
  merge: "merged the player into another",
  ban: "banned the player",
  unban: "lifted a ban",
};

/** Set by every registration and creation, and told by the server and the time of the change. */
const MADE_WITH: readonly string[] = ["createdAt", "homeServer"];
const HASH_DIGITS_SHOWN = 8;
const STAMP_DIGITS = 16;

/**
 * @param conflicts Of the document. One of a field to which this change contributed stands in place of what it set.
 * @param serverOf Names the server that an origin was an incarnation of.
 */
export function wordsOfChange(
  item: Pick<HistoryItem, "hash" | "actor" | "note" | "sets">,
  conflicts: readonly Conflict[],
  serverOf: (origin: Actor) => string,
): string {
  const own = conflicts.filter(({ candidates }) => candidates.some(({ change }) => change === item.hash));
  const contested = new Map(own.map((conflict) => [conflict.path, conflict]));
  const sets = item.sets.filter(({ path }) => !MADE_WITH.includes(path));
  const plain = sets.filter(({ path }) => !contested.has(path)).map(wordsOfSet);
  const met = sets.flatMap(({ path }) => contested.get(path) ?? []).map((one) => wordsOf(one, serverOf));
  const done = deedOf(item, plain);
  return [...(done === "" ? [] : [`${serverOf(item.actor)} ${done}`]), ...met].join("; ");
}

function deedOf({ note, sets }: Pick<HistoryItem, "note" | "sets">, plain: readonly string[]): string {
  const reason = note?.reason as ChangeReason | undefined;
  const deed = reason && DEEDS[reason];
  const all = listed(plain);
  if (deed) return all === "" ? deed : `${deed}: ${all}`;
  if (reason === "restore" && note?.restores) {
    return `put back what ${note.restores.slice(0, HASH_DIGITS_SHOWN)} had set: ${all}`;
  }
  return sets.length === 0 ? "set nothing that this version reads" : all;
}

/** Maps whose keys or values hold stamps are put into words of their own. */
function wordsOfSet({ path, to }: RegisterSet): string {
  const slash = path.indexOf("/");
  const [map, key] = slash < 0 ? ["", path] : [path.slice(0, slash), path.slice(slash + 1)];
  switch (map) {
    case "identities":
      return `${to === null ? "unlinked" : "linked"} ${key}`;
    case "seats":
      return seatWords(key);
    case "facts":
      return `noted that it was ${key.slice(0, Math.max(key.indexOf("/"), 0))}`;
    case "reports":
      return reportWords(key, to);
    case "settlements":
      return settlementWords(to);
    case "merges":
      return `into ${key}`;
    default:
      return to === null ? `unset ${path}` : `set ${path} to ${shown(to)}`;
  }
}

/** By player id, and each ranking once, which reports refer to: `<player id>=<rank>,…`, of which no id is cut. */
function reportWords(key: string, to: Json): string {
  if (!key.startsWith("ranking/")) return `reported a result for ${key}`;
  return `noted the ranking ${typeof to === "string" ? rankingWords(to) : shown(to)}`;
}

/** `<stamp> <ranking> <reason>` */
function settlementWords(to: Json): string {
  if (typeof to !== "string") return "unset";
  const [, ranking = "", ...reason] = to.split(" ");
  return `the ranking ${rankingWords(ranking)}, because ${shown(reason.join(" "))}`;
}

function rankingWords(ranking: string): string {
  return listed(ranking.split(","), ", ");
}

/** `<stamp>/<player id>`, and the same with `/left`. */
function seatWords(key: string): string {
  const [playerId = "", left] = key.slice(STAMP_DIGITS + 1).split("/");
  return left === undefined ? `seated ${playerId}` : `noted that ${playerId} left`;
}
