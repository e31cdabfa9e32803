/** Whose record it is: a player by the name that is shown, a match by what is played and its state. */
import type { DocumentAnswer } from "../../http/contract/history.ts";
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { useApi } from "../api/queries.ts";
import { playerName } from "./words.ts";

/** As it reads after "History of". */
export function useRecordTitle(id: string): string {
  const { data: document } = useApi<DocumentAnswer>(`/v1/documents/${id}`);
  const isOf = (kind: DocumentAnswer["kind"]) => ({ isOn: document?.kind === kind });
  const { data: player } = useApi<PlayerAnswer>(`/v1/players/${id}`, isOf("player"));
  const { data: match } = useApi<MatchAnswer>(`/v1/matches/${id}`, isOf("match"));
  if (match) return `a match in ${match.mode}, ${match.state}`;
  if (!player) return document ? `a ${document.kind}` : "a record";
  const name = playerName(player) ?? "a player without a name";
  // One who was merged into another answers as that one.
  return player.id === id ? name : `a player, now merged into ${name}`;
}
