/** A bot in a round, and what hosts and guests do alike. */
import type { Match, Ranks, RollcallClient } from "../../src/client/client.ts";
import type { Arena } from "./arena.ts";
import type { Caller } from "./call-record.ts";
import type { RoundPlan } from "./decisions.ts";
import { lieOf } from "./outcome.ts";
import type { BotProfile } from "./roster.ts";

export interface Participant {
  readonly arena: Arena;
  readonly client: RollcallClient;
  readonly caller: Caller;
  readonly playerId: string;
  readonly profile: BotProfile;
  readonly round: number;
}

/** Where the match was made, and its only server, may be down. */
const UNSEEN = ["match-not-found"];
/** A server that has not heard yet who else sits there, or that it was started. */
const NOT_HEARD_YET = ["match-not-running", "ranks-not-of-seated"];
/** It lost its seat to somebody who took it on another server, or the others were agreed. */
const NOT_WANTED = ["not-seated", "result-settled"];
const NOT_REPORTED = [...UNSEEN, ...NOT_HEARD_YET, ...NOT_WANTED];
/** Servers hear of everything in milliseconds; one that comes back does in seconds. */
const HEARD_WITHIN_MS = 5_000;

/** As it is now; undefined where no server that is left has it. */
export async function look({ client, caller }: Participant, matchId: string): Promise<Match | undefined> {
  const seen = await caller.tryTo("match", () => client.matches.get(matchId), UNSEEN);
  return "value" in seen ? seen.value : undefined;
}

/** Plays the match that runs, and says how it ended; gives the match as it then is, if it could be said. */
export async function playAndReport(
  self: Participant,
  plan: RoundPlan,
  match: Match,
): Promise<Match | undefined> {
  const { arena, client, caller, playerId } = self;
  await arena.pause(plan.playsForMs);
  const until = performance.now() + HEARD_WITHIN_MS;
  for (let seen: Match | undefined = match; seen; seen = await look(self, match.id)) {
    const ranks = reportOf(self, plan, seen);
    const said = await caller.tryTo(
      "report",
      () => client.matches.report(match.id, playerId, ranks),
      NOT_REPORTED,
    );
    if ("value" in said) return said.value.match;
    if (!NOT_HEARD_YET.includes(said.refused) || performance.now() >= until) return undefined;
    await arena.lookAgain();
  }
  return undefined;
}

function reportOf({ arena, playerId }: Participant, plan: RoundPlan, match: Match): Ranks {
  const ranks = arena.ranksOf(match);
  return plan.lies ? lieOf(ranks, playerId) : ranks;
}
