/** One conflict, opened: who wanted what, what stands, by which rule, and putting another value back. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { CandidateAnswer, ConflictAnswer } from "../../http/contract/conflict.ts";
import { PutBack } from "./put-back.tsx";
import { RULES } from "./rules.ts";
import { Badge, PlayerName, Ranks, Value, When, Words } from "./text.tsx";
import { shortHash } from "./words.ts";

export function ConflictDetails({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const { id, kind, documentId, candidates, words, rule } = conflict;
  return (
    <div className="conflict-details">
      <p>
        <Words>{words}</Words>
      </p>
      <p className="dim">
        Decided by {rule}: {RULES[kind].words}
      </p>
      <p className="links">
        <Link href={`/documents/${documentId}`}>The history of the record</Link>
        <Link href={`/conflicts?documentId=${documentId}&open=${id}`}>All conflicts of the record</Link>
      </p>
      <ul className="candidates">
        {candidates.map((candidate) => (
          <li key={`${candidate.change ?? ""} ${candidate.playerId ?? ""} ${candidate.at}`}>
            <div className="candidate">
              <Wish conflict={conflict} candidate={candidate} />
              <span className="dim">
                {candidate.server ?? "an unknown server"}, <When at={candidate.at} />
                {candidate.change && (
                  <>
                    {" "}
                    in{" "}
                    <Link href={`/documents/${documentId}?change=${candidate.change}`}>
                      <code>{shortHash(candidate.change)}</code>
                    </Link>
                  </>
                )}
              </span>
            </div>
            {isWinner(conflict, candidate) ? (
              <Badge kind="good">stands</Badge>
            ) : (
              <div className="actions">
                {conflict.winner === null && kind === "result" ? (
                  <Badge kind="pending">undecided</Badge>
                ) : (
                  <Badge kind="lost">lost</Badge>
                )}
                <PutBack conflict={conflict} candidate={candidate} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Wish({
  conflict: { kind },
  candidate: { playerId, value },
}: {
  readonly conflict: ConflictAnswer;
  readonly candidate: CandidateAnswer;
}): ReactNode {
  const who = playerId === undefined ? null : <PlayerName id={playerId} />;
  if (kind === "seat") return who;
  if (kind === "result") {
    return (
      <div>
        {who ?? "An operator"}
        <Ranks of={value} />
      </div>
    );
  }
  return (
    <span>
      {who} <Value of={value} />
    </span>
  );
}

/** Of claims the first owns what is claimed; who was merged into its owner claims it for that one. */
function isWinner({ kind, winner, candidates }: ConflictAnswer, candidate: CandidateAnswer): boolean {
  const { value, playerId } = candidate;
  if (kind === "username" || kind === "identity") return candidate === candidates[0] || playerId === winner;
  if (kind === "seat") return value === "seated";
  return winner !== null && JSON.stringify(value) === JSON.stringify(winner);
}
