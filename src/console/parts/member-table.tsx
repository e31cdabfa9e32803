/** Every server as the answering one sees it: itself first, the others by name. */
import type { ReactNode } from "react";
import { lagText, type Member } from "../cluster/picture.ts";
import { queueText } from "../cluster/samples.ts";
import { Badge, HealthBadge, When } from "./text.tsx";

const NOT_KNOWN = <span className="dim">–</span>;

export function MemberTable({ members }: { readonly members: readonly Member[] }): ReactNode {
  const sorted = [...members].sort(
    (one, other) => Number(other.self) - Number(one.self) || (one.name < other.name ? -1 : 1),
  );
  return (
    <div>
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
          {sorted.map((member) => (
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
              <td data-name="Clock">{clockText(member)}</td>
              <td data-name="Brokers">
                <div>
                  {!member.self && NOT_KNOWN}
                  {member.brokers.map(({ url, own, state }) => (
                    <div key={url}>
                      <HealthBadge state={state} /> <span className="dim">{own ? "own" : "peer's"}</span>{" "}
                      <code>{url.replace(/^redis(?:\+cluster)?s?:\/\//, "")}</code>
                    </div>
                  ))}
                </div>
              </td>
              <td data-name="Queues">
                <div>
                  {!member.self && NOT_KNOWN}
                  {Object.entries(member.queues).map(([name, count]) => (
                    <div key={name} className="dim">
                      {queueText(name)} {count}
                    </div>
                  ))}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {members.length > 1 && (
        <p className="hint">
          A server knows its own brokers and queues alone: the pages of the others show theirs.
        </p>
      )}
    </div>
  );
}

function clockText({ self, clockOffsetMs }: Member): string {
  if (self) return "its own";
  if (clockOffsetMs === null) return "unknown";
  if (clockOffsetMs === 0) return "the same";
  return `${Math.abs(clockOffsetMs)} ms ${clockOffsetMs < 0 ? "behind" : "ahead"}`;
}
