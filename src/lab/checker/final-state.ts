/** What a server holds and shows when all is quiet: its log as its own database has it, its records as REST has. */
import { isDeepStrictEqual } from "node:util";
import { Client } from "pg";
import { ENTRY_KIND, type Entry } from "../../../crdt/entry.ts";
import type { LeaderboardAnswer } from "../../http/contract/board.ts";
import type { DigestAnswer } from "../../http/contract/cluster.ts";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { type EntryColumns, toEntry } from "../../storage/postgres/rows.ts";
import { LabError } from "../lab-error.ts";
import { type Asked, askAll, askConflicts, askDigest, askRecord } from "../world/ask.ts";
import type { Server, World } from "../world/world.ts";

export interface FinalState {
  readonly server: string;
  /** By origin and sequence. */
  readonly log: readonly Entry[];
  readonly digest: DigestAnswer;
  /** As a trusted back end sees them. */
  readonly players: readonly PlayerAnswer[];
  readonly matches: readonly MatchAnswer[];
  readonly conflicts: readonly ConflictAnswer[];
  /** By mode. */
  readonly leaderboards: Readonly<Record<string, readonly Standing[]>>;
}

export type Standing = LeaderboardAnswer["items"][number];

/** Reading takes a second or two, and few servers write by themselves as often as that. */
const TRIES_MAX = 10;

/** Servers write by themselves, as when a match expires: what is read counts if nothing was written meanwhile. */
export async function finalStates({ servers, opsToken, apiKey }: World): Promise<FinalState[]> {
  for (let tries = 1; ; tries++) {
    const states = await Promise.all(servers.map((server) => finalState(server, { opsToken, apiKey })));
    const digests = await Promise.all(servers.map(({ url }) => askDigest({ url, token: opsToken })));
    if (tries === TRIES_MAX || states.every(({ digest }, at) => isDeepStrictEqual(digest, digests[at]))) {
      return states;
    }
  }
}

async function finalState(
  server: Server,
  { opsToken, apiKey }: Pick<World, "opsToken" | "apiKey">,
): Promise<FinalState> {
  const asKey = { url: server.url, token: apiKey };
  const asOps = { url: server.url, token: opsToken };
  const digest = await askDigest(asOps);
  if (!digest) throw new LabError("no-answer", `${server.name} does not say where it stands`);
  const listed = await askAll<MatchAnswer>(asKey, "/v1/matches");
  const log = await logOf(server);
  const matches = [...listed, ...(await unlisted(asKey, log, listed))];
  const modes = [...new Set(matches.map(({ mode }) => mode))].sort();
  const leaderboards: Record<string, readonly Standing[]> = {};
  for (const mode of modes) leaderboards[mode] = await askAll<Standing>(asKey, `/v1/leaderboards/${mode}`);
  return {
    server: server.name,
    log,
    digest,
    players: await askAll<PlayerAnswer>(asKey, "/v1/players"),
    matches,
    conflicts: await askConflicts(asOps),
    leaderboards,
  };
}

/** Each server leaves open matches out of its list whose host it has not heard for a while (MAT4). */
async function unlisted(
  asKey: Asked,
  log: readonly Entry[],
  listed: readonly MatchAnswer[],
): Promise<MatchAnswer[]> {
  const found: MatchAnswer[] = [];
  for (const id of matchesNotIn(listed, log)) {
    const match = await askRecord<MatchAnswer>(asKey, `/v1/matches/${id}`);
    if (match) found.push(match);
  }
  return found;
}

/** Ids of the matches that the log tells of and the list does not. */
export function matchesNotIn(listed: readonly Pick<MatchAnswer, "id">[], log: readonly Entry[]): Set<string> {
  const ids = new Set<string>();
  for (const { kind, documentId } of log) {
    if (kind === ENTRY_KIND.matchChange && documentId !== null) ids.add(documentId);
  }
  for (const { id } of listed) ids.delete(id);
  return ids;
}

async function logOf({ databaseUrl }: Server): Promise<Entry[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<EntryColumns>(
      "select * from rollcall_store.entry order by origin, sequence",
    );
    return rows.map(toEntry);
  } finally {
    await client.end();
  }
}
