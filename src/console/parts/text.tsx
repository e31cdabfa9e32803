/** Times, ids and values as people read them. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { useApi } from "../api/queries.ts";
import { ageText, piecesOf, playerName, shortId } from "./words.ts";

const HEALTH_OF: Readonly<Record<string, string>> = {
  open: "good",
  recovering: "lost",
  closed: "lost",
  subscribed: "good",
  connecting: "pending",
};

/** When, in words; the exact time is there for whoever points at it. */
export function When({ at }: { readonly at: string | undefined | null }): ReactNode {
  if (!at) return <span className="dim">unknown</span>;
  return (
    <time dateTime={at} title={at}>
      {ageText(Date.now() - Date.parse(at))}
    </time>
  );
}

export function PlayerLink({
  id,
  name,
}: {
  readonly id: string;
  readonly name?: string | null | undefined;
}): ReactNode {
  return (
    <Link href={`/players/${id}`} title={id}>
      {name || <code>{shortId(id)}</code>}
    </Link>
  );
}

export function Value({ of: value }: { readonly of: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="dim">unset</span>;
  return <code className="value">{JSON.stringify(value)}</code>;
}

export function Badge({
  kind,
  children,
}: {
  readonly kind: string;
  readonly children: ReactNode;
}): ReactNode {
  return <span className={`badge is-${kind}`}>{children}</span>;
}

/** Of a database or a broker. */
export function HealthBadge({ state }: { readonly state: string }): ReactNode {
  return <Badge kind={HEALTH_OF[state] ?? state}>{state}</Badge>;
}

/** What came of a match. Of one that is not played nothing is awaited, though a result may have been reported. */
export function MatchResult({
  of: { state, result },
}: {
  readonly of: Pick<MatchAnswer, "state" | "result">;
}): ReactNode {
  const isPlayed = state === "running" || state === "finished";
  if (!isPlayed && result.status === "pending") return <span className="dim">none</span>;
  return <Badge kind={result.status}>{result.status}</Badge>;
}

/** A player by the name to show, once that is known. */
export function PlayerName({ id }: { readonly id: string }): ReactNode {
  const { data } = useApi<PlayerAnswer>(`/v1/players/${id}`);
  return <PlayerLink id={id} name={data && playerName(data)} />;
}

/** A sentence that names players by their ids. */
export function Words({ children }: { readonly children: string }): ReactNode {
  return piecesOf(children).map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a sentence's pieces have no names, and stay in their places.
    index % 2 === 0 ? piece : <PlayerName key={index} id={piece} />,
  );
}
