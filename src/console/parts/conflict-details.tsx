/** One conflict, opened: who wanted what, what stands, by which rule, and putting another value back. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { CandidateAnswer, ConflictAnswer } from "../../http/contract/conflict.ts";
import { PutBack } from "./put-back.tsx";
import { useRecordTitle } from "./record-title.ts";
import { ResultCandidates, resultWords } from "./result-candidates.tsx";
import { RULES } from "./rules.ts";
import { Badge, PlayerName, Value, When, Words } from "./text.tsx";
import { shortHash } from "./words.ts";

export function ConflictDetails({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const { id, kind, documentId, words, rule } = conflict;
  const record = useRecordTitle(documentId);
  return (
    <div className="conflict-details">
      {kind === "result" ? <ResultCandidates conflict={conflict} /> : <Candidates conflict={conflict} />}
      <p>{kind === "result" ? resultWords(conflict) : <Words>{words}</Words>}</p>
      <p className="dim">
        Decided by {rule}: {RULES[kind].words}
      </p>
      <p className="links">
        <Link href={`/documents/${documentId}`}>History of {record}</Link>
        <Link href={`/conflicts?documentId=${documentId}&open=${id}`}>All conflicts of the record</Link>
      </p>
    </div>
  );
}

function Candidates({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const { kind, documentId, candidates } = conflict;
  return (
    <ul className="candidates">
      {candidates.map((candidate) => {
        const { change, playerId, value, server, at } = candidate;
        return (
          <li key={`${change ?? ""} ${playerId ?? ""} ${at}`}>
            <div className="candidate">
              <span>
                {playerId !== undefined && <PlayerName id={playerId} />}{" "}
                {kind !== "seat" && <Value of={value} />}
              </span>
              <span className="dim">
                {server ?? "an unknown server"}, <When at={at} />
                {change && (
                  <>
                    {" "}
                    in{" "}
                    <Link href={`/documents/${documentId}?change=${change}`}>
                      <code>{shortHash(change)}</code>
                    </Link>
                  </>
                )}
              </span>
            </div>
            <div className="actions">
              <Outcome conflict={conflict} candidate={candidate} />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** A field may have been written since, so also what won can be put back. */
function Outcome({
  conflict,
  candidate,
}: {
  readonly conflict: ConflictAnswer;
  readonly candidate: CandidateAnswer;
}): ReactNode {
  const hasWon = isWinner(conflict, candidate);
  if (hasWon && conflict.kind !== "field") return <Badge kind="good">stands</Badge>;
  return (
    <>
      {hasWon ? <Badge kind="good">won</Badge> : <Badge kind="lost">lost</Badge>}
      <PutBack conflict={conflict} candidate={candidate} />
    </>
  );
}

/** Of claims the first owns what is claimed; who was merged into its owner claims it for that one. */
function isWinner({ kind, winner, candidates }: ConflictAnswer, candidate: CandidateAnswer): boolean {
  const { value, playerId } = candidate;
  if (kind === "username" || kind === "identity") return candidate === candidates[0] || playerId === winner;
  return kind === "seat" ? value === "seated" : value === winner;
}
