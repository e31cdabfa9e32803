/** The record as it was once a change and all below it were there: slide from the first to the last. */
import { type ReactNode, useEffect, useState } from "react";
import type { DocumentAnswer, RecordedChangeAnswer } from "../../http/contract/history.ts";
import { useApi } from "../api/queries.ts";
import { frontOf } from "../graph/lanes.ts";
import { Registers } from "./fields.tsx";
import { Answered } from "./states.tsx";
import { When } from "./text.tsx";

/** Asked for once the slider rests. */
const REST_MS = 150;
/** That a server takes. */
const HEADS_MAX = 50;

export interface RecordAtProps {
  readonly documentId: string;
  /** Newest first. */
  readonly changes: readonly RecordedChangeAnswer[];
  readonly selected: string;
  readonly onSelect: (hash: string) => void;
}

export function RecordAt({ documentId, changes, selected, onSelect }: RecordAtProps): ReactNode {
  const row = Math.max(
    0,
    changes.findIndex(({ hash }) => hash === selected),
  );
  const front = frontOf(changes, row);
  // More heads than can be asked for: as the selected change alone knew the record.
  const heads = useRested(front.length > HEADS_MAX ? selected : front.join());
  const record = useApi<DocumentAnswer>(`/v1/documents/${documentId}?at=${heads}`, { isOn: heads !== "" });
  if (changes.length === 0) return null;
  const last = changes.length - 1;
  const place = `change ${last - row + 1} of ${changes.length}`;
  return (
    <section className="record-at" aria-label="The record at a point">
      {row === 0 ? (
        <h2>The record as it is</h2>
      ) : (
        <h2>
          The record as it was <When at={changes[row]?.at} />
        </h2>
      )}
      {last > 0 && (
        <>
          <input
            type="range"
            aria-label="Point in the history, oldest to newest"
            aria-valuetext={place}
            min={0}
            max={last}
            value={last - row}
            onChange={(event) => {
              const change = changes[last - Number(event.target.value)];
              if (change) onSelect(change.hash);
            }}
          />
          <p className="ends hint" aria-hidden="true">
            <span>oldest</span> <span>{place}</span> <span>newest</span>
          </p>
        </>
      )}
      <Answered query={record}>{(answer) => <Registers values={answer.document} />}</Answered>
    </section>
  );
}

function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
