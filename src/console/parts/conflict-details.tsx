/** One conflict, opened: who wanted what, what stands, by which rule, and putting another value back. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import { RestoreButton } from "./restore-dialog.tsx";
import { Badge, PlayerLink, Value, When } from "./text.tsx";
import { shortHash } from "./words.ts";

type Candidate = ConflictAnswer["candidates"][number];

export function ConflictDetails({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const { documentId, candidates, words, rule } = conflict;
  return (
    <div className="conflict-details">
      <p>{words}</p>
      <p className="dim">
        Decided by {rule}. <Link href={`/documents/${documentId}`}>The history of the record</Link>
      </p>
      <ul className="candidates">
        {candidates.map((candidate) => {
          const stands = isWinner(conflict, candidate);
          return (
            <li key={`${candidate.change ?? ""} ${candidate.playerId ?? ""} ${candidate.at}`}>
              <span>
                {candidate.playerId !== undefined && <PlayerLink id={candidate.playerId} />}{" "}
                <Value of={candidate.value} />
              </span>
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
              {stands ? (
                <Badge kind="good">stands</Badge>
              ) : (
                <Lost conflict={conflict} candidate={candidate} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Fields alone hold a value that can be put back; what a rule gave out is decided by the rule. */
function Lost({
  conflict: { kind, path, documentId },
  candidate: { change, value, playerId },
}: {
  readonly conflict: ConflictAnswer;
  readonly candidate: Candidate;
}): ReactNode {
  if (kind !== "field" || path === undefined || change === undefined) {
    return (
      <span className="actions">
        <Badge kind="lost">lost</Badge>
        {playerId !== undefined && <Link href={`/documents/${playerId}`}>Its history, to put back from</Link>}
      </span>
    );
  }
  return (
    <span className="actions">
      <Badge kind="lost">lost</Badge> <RestoreButton restorable={{ documentId, path, change, value }} />
    </span>
  );
}

function isWinner({ kind, winner }: ConflictAnswer, { value, playerId }: Candidate): boolean {
  if (kind === "username" || kind === "identity") return playerId === winner;
  if (kind === "seat") return value === "seated";
  return winner !== null && JSON.stringify(value) === JSON.stringify(winner);
}
