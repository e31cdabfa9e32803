/**
 * One player: its own client with all servers, its own session. It registers and plays round after round; a call
 * that fails costs it the round, and nobody else anything.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createClient, type Match, type RollcallClient, RollcallError } from "../../src/client/client.ts";
import type { Arena } from "./arena.ts";
import { seatedOf } from "./arena.ts";
import type { Caller } from "./call-record.ts";
import { planOf, type RoundPlan } from "./decisions.ts";
import { playAsGuest } from "./guest.ts";
import { playAsHost } from "./host.ts";
import type { Participant } from "./participant.ts";
import type { BotProfile } from "./roster.ts";

/** So that a cluster that is away is not called at full speed. */
const AFTER_FAILURE_MS = 1_000;

export async function playOn(arena: Arena, profile: BotProfile): Promise<void> {
  const caller = arena.record.caller();
  const client = createClient({ servers: arena.servers, onTrouble: caller.onTrouble });
  let playerId: string | undefined;
  for (let round = 1; !arena.isOver; round++) {
    try {
      playerId ??= await register(client, caller, { arena, profile });
      await playRound({ arena, client, caller, playerId, profile, round });
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error; // What went wrong with a call is counted.
      await delay(AFTER_FAILURE_MS);
    }
  }
}

/** The same device as in an earlier game of this seed is the same player. */
async function register(
  { players }: RollcallClient,
  caller: Caller,
  { arena, profile }: { readonly arena: Arena; readonly profile: BotProfile },
): Promise<string> {
  const { username, deviceSecret, region, platform } = profile;
  const identity = { provider: "device", subject: deviceSecret };
  const { player } = await caller.make("register", () =>
    players.register({ identity, username, region, platform }),
  );
  arena.enter(player.id, profile);
  return player.id;
}

async function playRound(self: Participant): Promise<void> {
  const { arena, client, caller, playerId, profile, round } = self;
  const plan = planOf(arena.seed, profile.number, round);
  await caller.make("presence", () => client.presence.announce());
  const found = await findMatch(self, plan);
  if (found) await playAsGuest(self, plan, found);
  else if (!arena.isOver) await playAsHost(self, plan);
  await edit(self, plan);
  await caller.make("ratings", () => client.players.ratings(playerId));
}

/** One with a free seat, among those that are open. */
async function findMatch(
  { arena, client, caller }: Participant,
  plan: RoundPlan,
): Promise<Match | undefined> {
  const until = performance.now() + arena.paced(plan.looksForMs);
  for (;;) {
    const { items } = await caller.make("list", () =>
      client.matches.list({ state: "open", mode: arena.mode }),
    );
    const free = items.filter((match) => seatedOf(match).length < match.capacity);
    const found = free[Math.floor(plan.choice * free.length)];
    if (found || arena.isOver || performance.now() >= until) return found;
    await arena.lookAgain();
  }
}

async function edit(
  { client, caller, playerId, profile, round }: Participant,
  plan: RoundPlan,
): Promise<void> {
  if (plan.edit === "nothing") return;
  const patch =
    plan.edit === "displayName"
      ? { displayName: `${profile.username} of round ${round}` }
      : { metadata: { rounds: round } };
  await caller.make("edit", () => client.players.edit(playerId, patch));
}
