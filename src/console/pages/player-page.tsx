/** One player: what it says, what it was told, its ratings and matches, and its document as it is kept. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { RatingsAnswer } from "../../http/contract/board.ts";
import type { PlayerAnswer } from "../../http/contract/player.ts";
import { useApi } from "../api/queries.ts";
import { Fields, RawDocument } from "../parts/fields.tsx";
import { PagedTable } from "../parts/paged-table.tsx";
import { Answered } from "../parts/states.tsx";
import { Badge, When } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";
import { countText, playerName, shortId } from "../parts/words.ts";
import { MATCH_COLUMNS } from "./matches-page.tsx";

const RATING_DIGITS = 2;

export function PlayerPage({ id }: { readonly id: string }): ReactNode {
  const player = useApi<PlayerAnswer>(`/v1/players/${id}`);
  const ratings = useApi<RatingsAnswer>(`/v1/players/${id}/ratings`);
  return (
    <Answered query={player} heading={<PlayerHeading id={id} name={null} />}>
      {(answer) => (
        <>
          <PlayerHeading id={answer.id} name={playerName(answer)} />
          <p className="links">
            <Link href={`/documents/${answer.id}`}>History</Link>
            <Link href={`/conflicts?documentId=${answer.id}`}>Conflicts</Link>
            <Link href={`/audit?documentId=${answer.id}`}>What operators did</Link>
          </p>
          {answer.notices?.map((notice) => (
            <p key={`${notice.code} ${notice.matchId ?? ""}`} className="notes">
              {notice.detail}
            </p>
          ))}
          <Fields
            rows={[
              ["Id", <code key="id">{answer.id}</code>],
              ["Username", answer.username],
              [
                "Claim",
                <Badge key="name" kind={answer.usernameStatus}>
                  {answer.usernameStatus}
                </Badge>,
              ],
              ["Display name", answer.displayName],
              [
                "Status",
                <Badge key="status" kind={answer.status}>
                  {answer.status}
                </Badge>,
              ],
              ["Region", answer.region],
              ["Platform", answer.platform],
              ["Registered at", answer.homeServer],
              ["Registered", <When key="when" at={answer.createdAt} />],
              [
                "Accounts",
                answer.identities?.map(({ provider, subject }) => `${provider}: ${subject}`).join(", "),
              ],
              ...Object.entries(answer.metadata).map(
                ([key, value]) => [`metadata/${key}`, String(value)] as const,
              ),
              ...(ratings.data?.items ?? []).map(
                ({ mode, rating, matches }) =>
                  [
                    `Rating in ${mode}`,
                    `${rating.toFixed(RATING_DIGITS)} after ${countText(matches, "match", "matches")}`,
                  ] as const,
              ),
            ]}
          />
          <h2>Matches</h2>
          <PagedTable
            path={`/v1/players/${id}/matches`}
            label="Matches of the player"
            columns={MATCH_COLUMNS}
            keyOf={(match) => match.id}
            nothing="It has joined none."
          />
          <RawDocument id={answer.id} />
        </>
      )}
    </Answered>
  );
}

function PlayerHeading({ id, name }: { readonly id: string; readonly name: string | null }): ReactNode {
  return (
    <>
      <Title>{name ?? `Player ${shortId(id)}`}</Title>
      <h1>
        {name ?? (
          <>
            Player <code className="dim">{shortId(id)}</code>
          </>
        )}
      </h1>
    </>
  );
}
