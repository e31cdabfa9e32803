/** A conflict of results, laid out: each ranking once, with all who reported it, and settling on another. */
import type { ReactNode } from "react";
import type { CandidateAnswer, ConflictAnswer } from "../../http/contract/conflict.ts";
import { grouped } from "./grouped.ts";
import { PutBack } from "./put-back.tsx";
import { Ranking } from "./ranking.tsx";
import { Badge, PlayerName, When } from "./text.tsx";

export function ResultCandidates({ conflict }: { readonly conflict: ConflictAnswer }): ReactNode {
  const { candidates, winner } = conflict;
  const rankings = grouped(candidates, ({ value }) => JSON.stringify(value));
  const standing = winner === null ? "" : JSON.stringify(winner);
  return (
    <ul className="candidates rankings">
      {[...rankings].map(([ranking, those]) => (
        <li key={ranking}>
          <Reporters of={those} />
          <Ranking of={those[0]?.value} />
          <div className="actions">
            {ranking === standing ? (
              <Badge kind="good">stands</Badge>
            ) : (
              <>
                {winner === null ? <Badge kind="pending">undecided</Badge> : <Badge kind="lost">lost</Badge>}
                {those[0] && <PutBack conflict={conflict} candidate={those[0]} />}
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Why what stands does, or that nothing does. */
export function resultWords({ candidates, winner }: ConflictAnswer): string {
  if (winner === null) return "None stands: no ranking has a majority of the seated.";
  if (candidates.some(({ playerId }) => playerId === undefined)) return "An operator settled it.";
  return "What a majority of the seated reported stands.";
}

function Reporters({ of: candidates }: { readonly of: readonly CandidateAnswer[] }): ReactNode {
  return (
    <ul className="reporters">
      {candidates.map(({ playerId, server, at }) => (
        <li key={playerId ?? at}>
          {playerId === undefined ? "An operator" : <PlayerName id={playerId} />}{" "}
          <span className="dim">
            {playerId === undefined ? "settled on it" : "reported"} at {server ?? "an unknown server"},{" "}
            <When at={at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
