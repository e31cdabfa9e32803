/** One match: its state, who sits, what came of it, and its document as it is kept. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { MatchAnswer } from "../../http/contract/match.ts";
import { useApi } from "../api/queries.ts";
import { Fields, RawDocument } from "../parts/fields.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { Badge, MatchResult, PlayerLink, PlayerName, When } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";
import { shortId } from "../parts/words.ts";

/** Each name is asked for by itself. */
const NAMED_MAX = 32;

export function MatchPage({ id }: { readonly id: string }): ReactNode {
  const match = useApi<MatchAnswer>(`/v1/matches/${id}`);
  return (
    <>
      <Title>{`Match ${shortId(id)}`}</Title>
      <Answered
        query={match}
        heading={
          <h1>
            Match <code className="dim">{shortId(id)}</code>
          </h1>
        }
      >
        {(answer) => (
          <>
            <h1>
              A match in {answer.mode} <Badge kind={answer.state}>{answer.state}</Badge>
            </h1>
            <p className="links">
              <Link href={`/documents/${answer.id}`}>History</Link>
              <Link href={`/conflicts?documentId=${answer.id}`}>Conflicts</Link>
              <Link href={`/audit?documentId=${answer.id}`}>What operators did</Link>
            </p>
            <Fields
              rows={[
                ["Id", <code key="id">{answer.id}</code>],
                ["Host", answer.hostId && <PlayerName key="host" id={answer.hostId} />],
                ["Address", answer.address],
                ["Region", answer.region],
                ["Seats", answer.capacity],
                ["Result", <MatchResult key="result" of={answer} />],
                ["Created at", answer.homeServer],
                ["Created", <When key="created" at={answer.createdAt} />],
                ["Started", answer.startedAt && <When key="started" at={answer.startedAt} />],
                ["Finished", answer.finishedAt && <When key="finished" at={answer.finishedAt} />],
                ...Object.entries(answer.metadata ?? {}).map(
                  ([key, value]) => [`metadata/${key}`, String(value)] as const,
                ),
              ]}
            />
            <h2>Players</h2>
            <Seats match={answer} />
            <RawDocument id={answer.id} />
          </>
        )}
      </Answered>
    </>
  );
}

function Seats({ match: { players, result } }: { readonly match: MatchAnswer }): ReactNode {
  const Name = players.length > NAMED_MAX ? PlayerLink : PlayerName;
  if (players.length === 0) return <Empty>Nobody has joined.</Empty>;
  return (
    <table aria-label="Players of the match">
      <thead>
        <tr>
          {["Player", "Seat", "Joined", "Rank"].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {players.map(({ playerId, status, joinedAt }) => (
          <tr key={playerId}>
            <td data-name="Player">
              <Name id={playerId} />
            </td>
            <td data-name="Seat">
              <Badge kind={status}>{status}</Badge>
            </td>
            <td data-name="Joined">
              <When at={joinedAt} />
            </td>
            <td data-name="Rank">{result.ranks?.[playerId] ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
