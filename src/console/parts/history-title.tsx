/** The title of a record's history: of the player as it is shown, or of the match. */
import type { ReactNode } from "react";
import type { DocumentAnswer } from "../../http/contract/history.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { useApi } from "../api/queries.ts";
import { Title } from "./title.tsx";
import { playerName, shortId } from "./words.ts";

export function HistoryTitle({ id }: { readonly id: string }): ReactNode {
  const { data: document } = useApi<DocumentAnswer>(`/v1/documents/${id}`);
  const { data: player } = useApi<PlayerAnswer>(`/v1/players/${id}`, { isOn: document?.kind === "player" });
  // A player that was merged answers with its survivor, whose history this is not.
  const name = player?.id === id ? playerName(player) : null;
  return <Title>{`History of ${name ?? `${document?.kind ?? "record"} ${shortId(id)}`}`}</Title>;
}
