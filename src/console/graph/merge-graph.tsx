/**
 * The history as a graph in lanes, newest first: of thousands of changes only those in view are drawn. One of them is
 * selected, by pointer or keys; zoomed out, rows lose their texts and the whole fits the height.
 */
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { RecordedChangeAnswer } from "../../http/contract/history.ts";
import { ChangeRow, isContested } from "./change-row.tsx";
import { laidOut } from "./lanes.ts";
import { dotPath, linePath } from "./paths.ts";

export interface MergeGraphProps {
  readonly changes: readonly RecordedChangeAnswer[];
  readonly selected: string;
  readonly compared: string;
  readonly onSelect: (hash: string) => void;
}

const ROW_HEIGHT_MAX = 36;
const ROW_HEIGHT_MIN = 0.1;
/** Of the part in view, in pixels. */
const HEIGHT_MAX = 600;
const TEXT_HEIGHT_MIN = 24;
/** A narrow screen has two lines a row. */
const TWO_LINES_HEIGHT_MIN = 32;
const LANE_WIDTH = 18;
/** Of the picture's lanes; more are drawn closer. */
const LANES_WIDTH_MAX = 180;
const ZOOM_STEP = 1.6;
const ROWS_AHEAD = 10;
const PAGE_ROWS = 10;

export function MergeGraph({ changes, selected, compared, onSelect }: MergeGraphProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState({ top: 0, height: 600 });
  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT_MAX);
  const layout = useMemo(() => laidOut(changes), [changes]);
  const laneWidth = Math.min(LANE_WIDTH, LANES_WIDTH_MAX / Math.max(layout.width, 1));
  const width = Math.max(layout.width, 1) * laneWidth;
  const fromRow = Math.max(0, Math.floor(scrolled.top / rowHeight) - ROWS_AHEAD);
  const toRow = Math.min(
    changes.length,
    Math.ceil((scrolled.top + scrolled.height) / rowHeight) + ROWS_AHEAD,
  );
  const view = { fromRow, toRow, rowHeight, laneWidth };
  const hasTexts = rowHeight >= TEXT_HEIGHT_MIN;
  const at = changes.findIndex(({ hash }) => hash === selected);
  const activeRow = at >= fromRow && at < toRow && hasTexts ? `change-${selected}` : undefined;
  const isLong = changes.length * ROW_HEIGHT_MAX > HEIGHT_MAX;
  const hasContested = changes.some(isContested);
  const isOne = (row: number, hash: string): boolean => changes[row]?.hash === hash;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => setScrolled({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  // Whoever selects by keys, or comes by an address, has it in view.
  useEffect(() => {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [at, rowHeight]);

  function zoom(factor: number): void {
    setRowHeight((height) => within(height * factor));
  }

  /** Rows too low for words are picked where they are drawn. */
  function onClick({ clientY, currentTarget }: MouseEvent<HTMLDivElement>): void {
    if (hasTexts) return;
    const y = clientY - currentTarget.getBoundingClientRect().top + currentTarget.scrollTop;
    const change = changes[Math.floor(y / rowHeight)];
    if (change) onSelect(change.hash);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const rows = stepOf(event.key, changes.length);
    if (rows === undefined) return;
    event.preventDefault();
    const row = Math.min(changes.length - 1, Math.max(0, at + rows));
    const change = changes[row];
    if (change) onSelect(change.hash);
  }

  return (
    <section className="graph" aria-label="Merge graph">
      {(isLong || hasContested) && (
        <div className="zoom">
          {isLong && (
            <>
              <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
                −
              </button>
              <button type="button" aria-label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
                +
              </button>
              <button type="button" onClick={() => setRowHeight(within(scrolled.height / changes.length))}>
                All
              </button>
            </>
          )}
          {hasContested && <span className="dim">◆ met another change</span>}
        </div>
      )}
      <div
        ref={box}
        className="rows"
        role="listbox"
        tabIndex={0}
        aria-label="Changes, newest first"
        aria-activedescendant={activeRow}
        style={{ height: Math.min(HEIGHT_MAX, changes.length * ROW_HEIGHT_MAX + 2) }}
        onScroll={(event) => {
          const { scrollTop, clientHeight } = event.currentTarget;
          setScrolled({ top: scrollTop, height: clientHeight });
        }}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <div
          className={rowHeight < TWO_LINES_HEIGHT_MIN ? "sheet is-low" : "sheet"}
          style={{ height: changes.length * rowHeight }}
        >
          <svg width={width} height={changes.length * rowHeight} aria-hidden="true">
            <path className="line" d={linePath(layout, view)} />
            <path className="dot" d={dotPath(layout, view, () => true)} />
            <path
              className="dot is-contested"
              d={dotPath(layout, view, (row) => isContested(changes[row]))}
            />
            <path className="dot is-compared" d={dotPath(layout, view, (row) => isOne(row, compared))} />
            <path className="dot is-selected" d={dotPath(layout, view, (row) => isOne(row, selected))} />
          </svg>
          {!hasTexts && at >= 0 && <div className="here" style={{ top: at * rowHeight }} />}
          {changes.slice(fromRow, hasTexts ? toRow : fromRow).map((change, index) => (
            <ChangeRow
              key={change.hash}
              change={change}
              isSelected={change.hash === selected}
              isCompared={change.hash === compared}
              style={{ top: (fromRow + index) * rowHeight, height: rowHeight, paddingLeft: width + 6 }}
              onSelect={() => onSelect(change.hash)}
              onKeyDown={onKeyDown}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

/** A height that rows can have. */
function within(height: number): number {
  return Math.min(ROW_HEIGHT_MAX, Math.max(ROW_HEIGHT_MIN, height));
}

/** How many rows a key goes on; undefined for keys that are none of the graph's. */
function stepOf(key: string, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: PAGE_ROWS,
    PageUp: -PAGE_ROWS,
    Home: -count,
    End: count,
  };
  return steps[key];
}
