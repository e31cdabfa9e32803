/** What operations are about: the first part of their path after `/v1`. */
const TAGS = {
  players: "Players: register, read, edit, link accounts, ban, merge, erase.",
  sessions: "Sessions: signing in, and the keys that tokens are verified by.",
  matches: "Matches: create, join, start, report.",
  leaderboards: "Leaderboards: what came of the matches.",
  presence: "Presence: who is there now.",
  positions: "Positions: which servers hold what was written.",
  events: "Events as they happen.",
  documents: "Documents: what happened to a player or match, how it was, and putting values back.",
  conflicts: "Conflicts: what merges had to decide.",
  audit: "Audit: what operators did, and why.",
  cluster: "The cluster, for its operators.",
  server: "This server: health, metrics, this description.",
} as const;

type Tag = keyof typeof TAGS;

const OTHERS: { readonly [part: string]: Tag } = { "jwks.json": "sessions" };

export const TAG_LIST = Object.entries(TAGS).map(([name, description]) => ({ name, description }));

export function tagOf(path: string): Tag {
  const [, first = "", second = ""] = path.split("/");
  const part = first === "v1" ? second : (path.split("/").at(-1) ?? "");
  return OTHERS[part] ?? (part in TAGS ? (part as Tag) : "server");
}
