/** A bot in the match of another: it takes a seat, waits for the start, plays, reports. */
import type { Match } from "../../src/client/client.ts";
import { seatedOf } from "./arena.ts";
import type { RoundPlan } from "./decisions.ts";
import { look, type Participant, playAndReport } from "./participant.ts";

/** Others were faster, or the host was. */
const NO_SEAT = ["match-full", "match-not-open", "match-not-found", "too-many-entries"];
/** Longer than any host waits: whoever has not started by then is gone. */
const STARTS_WITHIN_MS = 10_000;

export async function playAsGuest(self: Participant, plan: RoundPlan, { id }: Match): Promise<void> {
  const { client, caller, playerId } = self;
  const joined = await caller.tryTo("join", () => client.matches.join(id, playerId), NO_SEAT);
  if ("refused" in joined) return;
  const isSeated = joined.value.seat.status === "seated";
  const started = isSeated && !plan.leaves ? await runningMatch(self, id) : undefined;
  if (started) await playAndReport(self, plan, started);
  else await leave(self, id);
}

/** The match once it runs with this bot in it; two may have been given the last seat, on two servers. */
async function runningMatch(self: Participant, id: string): Promise<Match | undefined> {
  const until = performance.now() + self.arena.paced(STARTS_WITHIN_MS);
  for (;;) {
    const match = await look(self, id);
    if (!match) return undefined;
    const isRunning = match.state === "running" || match.state === "finished";
    if (isRunning) return seatedOf(match).includes(self.playerId) ? match : undefined;
    if (match.state !== "open" || performance.now() >= until) return undefined;
    await self.arena.lookAgain();
  }
}

/** A seat that is kept would be waited for. */
async function leave({ client, caller, playerId }: Participant, id: string): Promise<void> {
  await caller.tryTo("leave", () => client.matches.leave(id, playerId), [
    "match-not-open",
    "match-not-found",
  ]);
}
