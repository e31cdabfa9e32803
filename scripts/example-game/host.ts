/** A bot with a match of its own: it opens it, waits for guests, starts it, plays, reports, and sees how it ends. */
import type { Match } from "../../src/client/client.ts";
import { seatedOf } from "./arena.ts";
import type { RoundPlan } from "./decisions.ts";
import { look, type Participant, playAndReport } from "./participant.ts";

const PLAYERS_MIN = 2;
/** A third of the lease of a presence: one that is lost does no harm. */
const ANNOUNCE_EVERY_MS = 10_000;
/** For all others to have reported. */
const ENDS_WITHIN_MS = 5_000;
/** It was carried out before, or is out of sight. */
const NOT_STARTED = ["match-not-open", "match-not-found"];
const NOT_CANCELLED = ["match-over", "match-not-found"];

export async function playAsHost(self: Participant, plan: RoundPlan): Promise<void> {
  const { arena, client, caller, profile, round } = self;
  const opened = await caller.make("create", () =>
    client.matches.create({
      mode: arena.mode,
      region: profile.region,
      capacity: plan.capacity,
      metadata: { name: `${profile.username} ${round}` },
    }),
  );
  arena.tally.saw(opened);
  const gathered = await gather(self, plan, opened);
  const isPlayed = seatedOf(gathered).length >= PLAYERS_MIN && !plan.callsOff;
  const match = isPlayed ? await start(self, gathered.id) : await cancel(self, gathered.id);
  if (!match) return;
  arena.tally.saw(match);
  if (match.state !== "running") return;
  const reported = await playAndReport(self, plan, match);
  if (reported) await awaitResult(self, reported);
}

/** The match when it is full, or has waited for long enough. */
async function gather(self: Participant, plan: RoundPlan, opened: Match): Promise<Match> {
  const { arena, client, caller } = self;
  const until = performance.now() + arena.paced(plan.waitsForMs);
  let announceAt = performance.now();
  let match = opened;
  while (seatedOf(match).length < match.capacity && performance.now() < until && !arena.isOver) {
    if (performance.now() >= announceAt) {
      await caller.make("presence", () => client.presence.announce({ matchId: match.id }));
      announceAt = performance.now() + ANNOUNCE_EVERY_MS;
    }
    await arena.lookAgain();
    match = (await look(self, opened.id)) ?? match;
  }
  return match;
}

async function start({ client, caller }: Participant, id: string): Promise<Match | undefined> {
  const started = await caller.tryTo("start", () => client.matches.start(id), NOT_STARTED);
  return "value" in started ? started.value : undefined;
}

async function cancel({ client, caller }: Participant, id: string): Promise<Match | undefined> {
  const cancelled = await caller.tryTo("cancel", () => client.matches.cancel(id), NOT_CANCELLED);
  return "value" in cancelled ? cancelled.value : undefined;
}

async function awaitResult(self: Participant, reported: Match): Promise<void> {
  const { arena } = self;
  const until = performance.now() + ENDS_WITHIN_MS;
  let match = reported;
  arena.tally.saw(match);
  while (match.result.status === "pending" && performance.now() < until) {
    await arena.lookAgain();
    match = (await look(self, reported.id)) ?? match;
    arena.tally.saw(match);
  }
}
