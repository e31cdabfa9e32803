/** A change as a row of the graph: what it did, where and when; on a narrow screen in two lines. */
import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import type { RecordedChangeAnswer } from "../../http/contract/history.ts";
import { When } from "../parts/text.tsx";
import { shortHash, withShortIds } from "../parts/words.ts";

export interface ChangeRowProps {
  readonly change: RecordedChangeAnswer;
  readonly isSelected: boolean;
  readonly isCompared: boolean;
  /** Where it is. */
  readonly style: CSSProperties;
  readonly onSelect: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function ChangeRow(props: ChangeRowProps): ReactNode {
  const { change, isSelected, isCompared, style, onSelect, onKeyDown } = props;
  return (
    <div
      id={`change-${change.hash}`}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      className={isCompared ? "row is-compared" : "row"}
      style={style}
      onClick={onSelect}
      onKeyDown={onKeyDown}
    >
      <code>{shortHash(change.hash)}</code>
      <span className="mark">{isContested(change) ? "◆" : ""}</span>
      <span className="words">{withShortIds(change.words)}</span>
      <span className="dim when">
        {change.server ?? "?"}, <When at={change.at} />
      </span>
    </div>
  );
}

/** Whether it met another in a conflict of a field. */
export function isContested(change: RecordedChangeAnswer | undefined): boolean {
  return change !== undefined && change.met.length > 0;
}
