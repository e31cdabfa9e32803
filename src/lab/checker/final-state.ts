/** What a server holds and shows when all is quiet: its log as its own database has it, its records as REST has. */
import { Client } from "pg";
import type { Entry } from "../../../crdt/entry.ts";
import type { LeaderboardAnswer } from "../../http/contract/board.ts";
import type { DigestAnswer } from "../../http/contract/cluster.ts";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { type EntryColumns, toEntry } from "../../storage/postgres/rows.ts";
import { LabError } from "../lab-error.ts";
import { askAll, askConflicts, askDigest } from "../world/ask.ts";
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

export function finalStates({ servers, opsToken, apiKey }: World): Promise<FinalState[]> {
  return Promise.all(servers.map((server) => finalState(server, { opsToken, apiKey })));
}

async function finalState(
  server: Server,
  { opsToken, apiKey }: Pick<World, "opsToken" | "apiKey">,
): Promise<FinalState> {
  const asKey = { url: server.url, token: apiKey };
  const asOps = { url: server.url, token: opsToken };
  const digest = await askDigest(asOps);
  if (!digest) throw new LabError("no-answer", `${server.name} does not say where it stands`);
  const matches = await askAll<MatchAnswer>(asKey, "/v1/matches");
  const modes = [...new Set(matches.map(({ mode }) => mode))].sort();
  const leaderboards: Record<string, readonly Standing[]> = {};
  for (const mode of modes) leaderboards[mode] = await askAll<Standing>(asKey, `/v1/leaderboards/${mode}`);
  return {
    server: server.name,
    log: await logOf(server),
    digest,
    players: await askAll<PlayerAnswer>(asKey, "/v1/players"),
    matches,
    conflicts: await askConflicts(asOps),
    leaderboards,
  };
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
