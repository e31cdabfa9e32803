/** What one change set, who made it, what it met, and how the record differs from another point. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { DiffAnswer, DocumentAnswer, RecordedChangeAnswer } from "../../http/contract/history.ts";
import { useApi } from "../api/queries.ts";
import { RegisterValue } from "./register-value.tsx";
import { isRestorable, RestoreButton } from "./restore-button.tsx";
import { Answered, Empty } from "./states.tsx";
import { When, Words } from "./text.tsx";
import { countText, shortHash } from "./words.ts";

export interface ChangeDetailsProps {
  /** What can be put back stands in it; nothing of a match can. */
  readonly document: DocumentAnswer;
  /** Whether there is another change. */
  readonly canCompare: boolean;
  readonly change: RecordedChangeAnswer;
  /** With which it is compared; empty for none. */
  readonly compared: string;
  readonly onCompare: (hash: string) => void;
}

export function ChangeDetails(props: ChangeDetailsProps): ReactNode {
  const { document, canCompare, change, compared, onCompare } = props;
  const documentId = document.id;
  const { hash, server, at, by, reason, sets, concurrentCount, restores, met } = change;
  return (
    <>
      <h2>
        Change <code title={hash}>{shortHash(hash)}</code>
      </h2>
      <p>
        <Words>{change.words}</Words>
      </p>
      <p className="dim">
        {reason ?? "without a reason"}
        {by && `, by ${by}`}, at {server ?? "an unknown server"}, <When at={at} />
        {restores && `; puts back ${shortHash(restores)}`}
        {concurrentCount > 0 &&
          `; did not know of ${countText(concurrentCount, "other change")}, nor they of it`}
        .
      </p>
      <ul className="sets">
        {sets.map(({ path, to }) => (
          <li key={path}>
            <code>{path}</code> <RegisterValue path={path} of={to} />
            {document.kind === "player" && isRestorable(path) && (
              <RestoreButton
                documentId={documentId}
                path={path}
                change={hash}
                value={to}
                standing={document.document[path]}
              />
            )}
          </li>
        ))}
      </ul>
      {met.length > 0 && (
        <p className="notes">
          ◆ It met another change:{" "}
          {met.map((id, index) => (
            <span key={id}>
              {index > 0 && ", "}
              <Link href={`/conflicts?documentId=${documentId}&open=${id}`}>
                {met.length === 1 ? "the conflict" : `conflict ${index + 1}`}
              </Link>
            </span>
          ))}
        </p>
      )}
      {(canCompare || compared !== "") && (
        <div className="actions">
          {compared === hash ? (
            <span className="dim">Select another change to compare it with this one.</span>
          ) : (
            <button type="button" onClick={() => onCompare(hash)}>
              Compare others with this
            </button>
          )}
          {compared !== "" && (
            <button type="button" className="quiet" onClick={() => onCompare("")}>
              Do not compare
            </button>
          )}
        </div>
      )}
      {compared !== "" && compared !== hash && <Diff documentId={documentId} from={compared} to={hash} />}
    </>
  );
}

function Diff({
  documentId,
  from,
  to,
}: {
  readonly documentId: string;
  readonly from: string;
  readonly to: string;
}): ReactNode {
  const diff = useApi<DiffAnswer>(`/v1/documents/${documentId}/diff?from=${from}&to=${to}`);
  return (
    <section aria-label="Comparison">
      <h3>
        From <code>{shortHash(from)}</code> to <code>{shortHash(to)}</code>
      </h3>
      <Answered query={diff}>
        {({ patches }) =>
          patches.length === 0 ? (
            <Empty>Both say the same.</Empty>
          ) : (
            <ul className="sets">
              {patches.map((patch) => (
                <li key={patch.path}>
                  <code>{patch.path}</code> <RegisterValue path={patch.path} of={patch.from} /> →{" "}
                  <RegisterValue path={patch.path} of={patch.to} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </section>
  );
}
