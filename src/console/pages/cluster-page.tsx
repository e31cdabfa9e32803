/** Servers and the links between them, as the answering server sees them: now, and in the last hours. */
import type { ReactNode } from "react";
import type { ClusterAnswer, DigestAnswer } from "../../http/contract/cluster.ts";
import type { ReadinessAnswer } from "../../http/contract/health.ts";
import { useApi } from "../api/queries.ts";
import { CENTRE, lagText, type PlacedMember, placedMembers } from "../cluster/picture.ts";
import { lagColumns, latestRate, queueColumns, rateColumns, type Sample } from "../cluster/samples.ts";
import { useClusterSamples } from "../cluster/sampling.ts";
import { Chart } from "../parts/chart.tsx";
import { MemberTable } from "../parts/member-table.tsx";
import { Answered, Empty, Failure } from "../parts/states.tsx";
import { HealthBadge } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";

const EVERY_MS = 2_000;
/** Around the circles of the picture. */
const NAME_SPACE = { above: 20, below: 20, beside: 8 } as const;
const RATE_DIGITS = 1;

export function ClusterPage(): ReactNode {
  const cluster = useApi<ClusterAnswer>("/v1/cluster", { everyMs: EVERY_MS });
  const digest = useApi<DigestAnswer>("/v1/cluster/digest", { everyMs: EVERY_MS });
  const readiness = useApi<ReadinessAnswer>("/readyz", { everyMs: EVERY_MS });
  const samples = useClusterSamples();
  return (
    <>
      <Title>Cluster</Title>
      <h1>Cluster</h1>
      <Answered query={cluster}>
        {(answer) => (
          <>
            <p className="dim">
              As <strong>{answer.server}</strong> sees it; realm {answer.realm}, version {answer.version}.
            </p>
            {readiness.error && <Failure error={readiness.error} />}
            {readiness.data && readiness.data.degraded.length > 0 && (
              <ul className="notes bad">
                {readiness.data.degraded.map((what) => (
                  <li key={what}>{what}</li>
                ))}
              </ul>
            )}
            <Figures cluster={answer} digest={digest.data} samples={samples.data ?? []} />
            <div className="cluster">
              <Picture members={placedMembers(answer.members)} />
              <MemberTable members={answer.members} />
            </div>
            <h2>The last hours</h2>
            <Answered query={samples}>{(data) => <Charts samples={data} server={answer.server} />}</Answered>
          </>
        )}
      </Answered>
    </>
  );
}

/** How the answering server is doing, in a line. */
function Figures({
  cluster: { database, members },
  digest,
  samples,
}: {
  readonly cluster: ClusterAnswer;
  readonly digest: DigestAnswer | undefined;
  readonly samples: readonly Sample[];
}): ReactNode {
  const rate = latestRate(samples);
  const waiting = Object.values(members.find(({ self }) => self)?.queues ?? {}).reduce(
    (sum, n) => sum + n,
    0,
  );
  const heard = members.filter(({ state }) => state === "alive" || state === "starting").length;
  const figures: readonly (readonly [string, ReactNode])[] = [
    ["Database", <HealthBadge key="database" state={database} />],
    ["Servers heard", `${heard} of ${members.length}`],
    ["Entries a second", rate === null ? "–" : rate.toFixed(RATE_DIGITS)],
    ["In queues", waiting.toLocaleString("en")],
    ["Documents", digest?.documents.toLocaleString("en") ?? "–"],
    ["Entries", digest?.entries.toLocaleString("en") ?? "–"],
  ];
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Charts({
  samples,
  server,
}: {
  readonly samples: readonly Sample[];
  readonly server: string;
}): ReactNode {
  if (samples.length < 2)
    return <Empty>{server} began just now: what happens from now on is drawn here.</Empty>;
  return (
    <div className="charts">
      <Chart label="Seconds behind, by server" columns={lagColumns(samples, "secondsBehind")} />
      <Chart label="Entries behind, by server" columns={lagColumns(samples, "entriesBehind")} />
      <Chart label={`Entries a second that came to ${server}`} columns={rateColumns(samples)} />
      <Chart label={`Queues of ${server}`} columns={queueColumns(samples)} />
    </div>
  );
}

function Picture({ members }: { readonly members: readonly PlacedMember[] }): ReactNode {
  const self = members.find(({ member }) => member.self);
  const others = members.filter(({ member }) => !member.self);
  const heights = members.map(({ y }) => y);
  const [top, bottom] = [Math.min(...heights) - NAME_SPACE.above, Math.max(...heights) + NAME_SPACE.below];
  const said = others.map(({ member }) => `${member.name} is ${member.state}, ${lagText(member)}`).join("; ");
  return (
    <svg
      className="picture"
      viewBox={`${-NAME_SPACE.beside} ${top} ${100 + 2 * NAME_SPACE.beside} ${bottom - top}`}
      role="img"
      aria-label={`Links: ${said || "no other server yet"}`}
    >
      {self &&
        others.map(({ member, x, y, health }) => (
          <g key={member.name} className={`link is-${health}`}>
            <line x1={self.x} y1={self.y} x2={x} y2={y} />
          </g>
        ))}
      {members.map(({ member, x, y, health }) => (
        <g key={member.name} className={`server is-${health}`} transform={`translate(${x} ${y})`}>
          <circle r="6" />
          <text y="0.6" className="mark">
            {health === "good" ? "✓" : health === "slow" ? "…" : "✕"}
          </text>
          <text y={y < CENTRE ? -13 : 11}>{member.name}</text>
          <text y={y < CENTRE ? -9 : 15} className="small">
            {member.self ? "answers" : member.state === "alive" ? lagText(member) : member.state}
          </text>
        </g>
      ))}
    </svg>
  );
}
