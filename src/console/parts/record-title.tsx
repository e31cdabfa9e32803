/** Whose record it is: a player by the name that is shown, a match by what is played and its state. */
import type { ReactNode } from "react";
import type { DocumentAnswer } from "../../http/contract/history.ts";
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { useApi } from "../api/queries.ts";

export function RecordTitle({ id, kind }: Pick<DocumentAnswer, "id" | "kind">): ReactNode {
  return kind === "player" ? <PlayerTitle id={id} /> : <MatchTitle id={id} />;
}

/** The same of a record of which the id alone is known. */
export function RecordTitleOf({ id }: Pick<DocumentAnswer, "id">): ReactNode {
  const { data } = useApi<DocumentAnswer>(`/v1/documents/${id}`);
  return data === undefined ? "the record" : <RecordTitle id={id} kind={data.kind} />;
}

/** One who was merged into another answers as that one. */
function PlayerTitle({ id }: { readonly id: string }): ReactNode {
  const { data } = useApi<PlayerAnswer>(`/v1/players/${id}`);
  if (data === undefined) return "a player";
  const name = data.handle ?? data.displayName ?? "a player without a name";
  return data.id === id ? name : `a player, now merged into ${name}`;
}

function MatchTitle({ id }: { readonly id: string }): ReactNode {
  const { data } = useApi<MatchAnswer>(`/v1/matches/${id}`);
  return data === undefined ? "a match" : `a match in ${data.mode}, ${data.state}`;
}
