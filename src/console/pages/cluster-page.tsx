/** Servers and the links between them, as the answering server sees them, now and since the page was opened. */
import type { ReactNode } from "react";
import { useApi } from "../api/queries.ts";
import { lagText, type Member, type PlacedMember, placedMembers } from "../cluster/picture.ts";
import { lagColumns, rateColumns } from "../cluster/samples.ts";
import { EVERY_MS, useSampledCluster } from "../cluster/sampling.ts";
import { Chart } from "../parts/chart.tsx";
import { Answered, Empty, Failure } from "../parts/states.tsx";
import { Badge, When } from "../parts/text.tsx";
import { countText } from "../parts/words.ts";

export function ClusterPage(): ReactNode {
  const { cluster, digest, samples } = useSampledCluster();
  const readiness = useApi<{ status: string; degraded?: string[] }>("/readyz", { everyMs: EVERY_MS });
  const lag = lagColumns(samples);
  return (
    <>
      <h1>Cluster</h1>
      <Answered query={cluster}>
        {({ server, realm, version, members }) => (
          <>
            <p className="dim">
              As <strong>{server}</strong> sees it; realm {realm}, version {version}
              {digest.data && (
                <>
                  ; {countText(digest.data.documents, "document")},{" "}
                  {countText(digest.data.entries, "entry", "entries")}
                </>
              )}
              .
            </p>
            {readiness.error && <Failure error={readiness.error} />}
            {readiness.data?.degraded && readiness.data.degraded.length > 0 && (
              <ul className="notes bad">
                {readiness.data.degraded.map((what) => (
                  <li key={what}>{what}</li>
                ))}
              </ul>
            )}
            <div className="cluster">
              <Picture members={placedMembers(members)} />
              <MemberTable members={members} />
            </div>
            {samples.length < 2 ? (
              <Empty>What happens from now on is drawn here.</Empty>
            ) : (
              <>
                <Chart label="Entries behind, by server" names={lag.names} data={lag.data} />
                <Chart
                  label={`Entries a second that came to ${server}`}
                  names={["entries/s"]}
                  data={rateColumns(samples)}
                />
              </>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

function Picture({ members }: { readonly members: readonly PlacedMember[] }): ReactNode {
  const self = members.find(({ member }) => member.self);
  const others = members.filter(({ member }) => !member.self);
  const said = others.map(({ member }) => `${member.name} is ${member.state}, ${lagText(member)}`).join("; ");
  return (
    <svg
      className="picture"
      viewBox="0 0 100 100"
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
          <text y="11">{member.name}</text>
          <text y="15" className="small">
            {member.self ? "answers" : member.state === "alive" ? lagText(member) : member.state}
          </text>
        </g>
      ))}
    </svg>
  );
}

function MemberTable({ members }: { readonly members: readonly Member[] }): ReactNode {
  return (
    <table aria-label="Servers">
      <thead>
        <tr>
          {["Server", "State", "Last heard", "Behind", "Clock", "Brokers", "Queues"].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.name}>
            <td data-name="Server">
              <strong>{member.name}</strong>
            </td>
            <td data-name="State">
              <Badge kind={member.state}>{member.state}</Badge>
            </td>
            <td data-name="Last heard">
              <When at={member.lastHeardAt} />
            </td>
            <td data-name="Behind">{lagText(member)}</td>
            <td data-name="Clock">
              {member.clockOffsetMs === null ? "unknown" : `${Math.round(member.clockOffsetMs)} ms off`}
            </td>
            <td data-name="Brokers">
              {member.brokers.map(({ url, own, state }) => (
                <div key={url}>
                  <Badge kind={state}>{state}</Badge> <span className="dim">{own ? "own" : "peer's"}</span>{" "}
                  <code>{url.replace(/^redis(?:\+cluster)?s?:\/\//, "")}</code>
                </div>
              ))}
            </td>
            <td data-name="Queues">
              {Object.entries(member.queues).map(([name, count]) => (
                <div key={name} className="dim">
                  {name} {count}
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
