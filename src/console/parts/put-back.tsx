/**
 * Putting back what lost a conflict, by the operators' write that its rule leaves room for; where none does, why not.
 *
 * A field is set again. A name is given up by those who claimed it earlier. An account is of one person, so its players
 * are merged. A result is settled. A seat is given out by players alone, who leave it.
 */
import type { ReactNode } from "react";
import type { CandidateAnswer, ConflictAnswer } from "../../http/contract/conflict.ts";
import type { DocumentAnswer, RecordedChangeAnswer } from "../../http/contract/history.ts";
import type { MatchAnswer } from "../../http/contract/match.ts";
import { type Page, useApi, withQuery } from "../api/queries.ts";
import { request } from "../api/request.ts";
import { AskButton } from "./ask-dialog.tsx";
import { Ranking } from "./ranking.tsx";
import { isRestorable, RestoreButton, restore } from "./restore-button.tsx";
import { Failure } from "./states.tsx";
import { PlayerName, Value } from "./text.tsx";

export interface Lost {
  readonly conflict: ConflictAnswer;
  readonly candidate: CandidateAnswer;
}

const PAGE_CHANGES = 1_000;

export function PutBack({ conflict, candidate }: Lost): ReactNode {
  switch (conflict.kind) {
    case "field":
      return <PutBackField conflict={conflict} candidate={candidate} />;
    case "username":
      return <GiveName conflict={conflict} candidate={candidate} />;
    case "identity":
      return <MergePlayers conflict={conflict} candidate={candidate} />;
    case "seat":
      return <WhyNoSeat conflict={conflict} candidate={candidate} />;
    case "result":
      return <Settle conflict={conflict} candidate={candidate} />;
  }
}

function PutBackField({
  conflict: { documentId, path = "" },
  candidate: { change, value },
}: Lost): ReactNode {
  const { data, error } = useApi<DocumentAnswer>(`/v1/documents/${documentId}`);
  if (error) return <Failure error={error} />;
  if (data === undefined) return null;
  if (data.kind === "match" || change === undefined || !isRestorable(path)) {
    return <span className="dim">What a match says of itself is not put back.</span>;
  }
  return (
    <RestoreButton
      documentId={documentId}
      path={path}
      change={change}
      value={value}
      standing={data.document[path]}
    />
  );
}

/** Whoever is before it among the candidates claimed the name earlier. */
function GiveName({ conflict: { candidates }, candidate }: Lost): ReactNode {
  const { playerId = "", value } = candidate;
  const before = candidates.slice(0, candidates.indexOf(candidate));
  const takeFrom = [...new Set(before.flatMap((earlier) => earlier.playerId ?? []))];
  return (
    <AskButton
      label="Give it the name"
      title={`Give ${String(value)} to the other player`}
      yes="Give it the name"
      write={async (reason) => {
        const change = await changeThatSet(playerId, "username", value);
        await restore(playerId, { path: "username", change, takeFrom, ...(reason !== "" && { reason }) });
      }}
    >
      <p>
        The name <Value of={value} /> will be that of <PlayerName id={playerId} />, who claimed it, on every
        server.
      </p>
      <p>
        {takeFrom.map((id, index) => (
          <span key={id}>
            {index > 0 && " and "}
            <PlayerName id={id} />
          </span>
        ))}{" "}
        {takeFrom.length === 1 ? "gives" : "give"} it up, and {takeFrom.length === 1 ? "has" : "have"} no name
        until another is taken. What was stays in the history of each.
      </p>
    </AskButton>
  );
}

function MergePlayers({ conflict: { winner }, candidate: { playerId = "", value } }: Lost): ReactNode {
  const ownerId = String(winner);
  const [survivor = "", other = ""] = [ownerId, playerId].sort();
  return (
    <AskButton
      label="Merge the players"
      title="Merge two players into one"
      yes="Merge them"
      write={(reason) =>
        request(`/v1/players/${other}/merge`, {
          method: "POST",
          body: { into: survivor, ...(reason !== "" && { reason }) },
        })
      }
    >
      <p>
        The account <Value of={value} /> is linked to both. As it is one person's, the two become one player:{" "}
        <PlayerName id={survivor} /> stays, with the accounts and matches of both; <PlayerName id={other} />{" "}
        gives its name up, and answers with that one from then on.
      </p>
      <p>This goes to every server, and cannot be undone.</p>
    </AskButton>
  );
}

function WhyNoSeat({ conflict: { documentId }, candidate: { value } }: Lost): ReactNode {
  const match = useApi<MatchAnswer>(`/v1/matches/${documentId}`);
  if (value === "late") return <span className="dim">It joined after the start; nobody is seated then.</span>;
  if (match.data === undefined) return null;
  return (
    <span className="dim">
      {match.data.state === "open"
        ? "No seat is free. It gets the next that a seated player leaves, which players do themselves."
        : `The match is ${match.data.state}: who sits in it does not change any more.`}
    </span>
  );
}

function Settle({ conflict: { documentId, candidates, winner }, candidate: { value } }: Lost): ReactNode {
  if (candidates.some(({ playerId }) => playerId === undefined)) {
    return <span className="dim">An operator settled it: the first settlement stands for good.</span>;
  }
  return (
    <AskButton
      label="Settle on this"
      title="Settle the result of the match"
      yes="Settle on this"
      isReasonNeeded
      write={(reason) =>
        request(`/v1/matches/${documentId}/settlement`, { method: "POST", body: { ranks: value, reason } })
      }
    >
      <p>This becomes the result, whatever else is reported, and ratings are computed from it:</p>
      <Ranking of={value} />
      {winner !== null && <p>What stands now is taken back.</p>}
      <p>It goes to every server, and no later settlement changes it.</p>
    </AskButton>
  );
}

/** The newest change of a record that set a field so: claims do not name theirs. */
async function changeThatSet(documentId: string, path: string, value: unknown): Promise<string> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = withQuery(`/v1/documents/${documentId}/history`, { limit: PAGE_CHANGES, cursor });
    const page: Page<RecordedChangeAnswer> = await request(query);
    const found = page.items.find(({ sets }) => sets.some((set) => set.path === path && set.to === value));
    if (found) return found.hash;
    cursor = page.next;
  }
  throw new RangeError(
    "The claim is over: no change of this player set the name. Look at the conflicts anew.",
  );
}
