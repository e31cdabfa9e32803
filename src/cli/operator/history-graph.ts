/**
 * How a history forked and joined, in lanes of text, newest first, as `git log --graph` draws it.
 *
 * A lane waits for the change that the ones above it were made in knowledge of. Where several wait for the same
 * change they come together right above it; where a change joins several, lanes for all but the first of them fork
 * off right below it. A parent that another one was made in knowledge of is not drawn: a server names its own last
 * change always, which would be a line beside every join that tells nothing.
 */
export interface GraphedChange {
  readonly hash: string;
  readonly parents: readonly string[];
}

/** Two columns of the terminal. */
export interface LaneCell {
  readonly text: string;
  /** Which lane it is a part of; of a crossing that which goes across. */
  readonly lane: number;
}

export type LaneRow = readonly LaneCell[];

export interface DrawnChange {
  /** Lines of their own above it. */
  readonly above: readonly LaneRow[];
  readonly node: LaneRow;
  /** Right below it; anything may be written beside them. */
  readonly below: readonly LaneRow[];
  /** The lanes as they go on from there. */
  readonly on: LaneRow;
}

type Lanes = (string | undefined)[];

/** @param complete Whether these are all changes, so that no lane goes on below them. */
export function historyGraph(changes: readonly GraphedChange[], complete: boolean): DrawnChange[] {
  const rows = new Map(changes.map(({ hash }, row) => [hash, row]));
  const drawn = new Set<string>();
  const lanes: Lanes = [];
  return changes.map(({ hash, parents }) => {
    const waiting = lanes.flatMap((wanted, lane) => (wanted === hash ? [lane] : []));
    const own = waiting[0] ?? freeLane(lanes);
    lanes[own] = hash;
    const above = waiting.slice(1).map((lane) => {
      const row = connection(lanes, own, lane, "╯");
      lanes[lane] = undefined;
      return row;
    });
    trim(lanes);
    const node = straight(lanes, own);
    drawn.add(hash);
    const [first, ...others] = parents.filter(
      (parent) =>
        !drawn.has(parent) &&
        (rows.has(parent) || !complete) &&
        !parents.some((other) => other !== parent && isKnownTo(other, parent, changes, rows)),
    );
    lanes[own] = first;
    const below = others.map((parent) => {
      const known = lanes.indexOf(parent);
      if (known >= 0) return connection(lanes, own, known, known > own ? "┤" : "├");
      const lane = freeLane(lanes);
      const row = connection(lanes, own, lane, lane > own ? "╮" : "╭");
      lanes[lane] = parent;
      return row;
    });
    trim(lanes);
    return { above, node, below, on: straight(lanes) };
  });
}

/** Whether a change was made in knowledge of another one. What is newer than that cannot lead to it. */
function isKnownTo(
  change: string,
  sought: string,
  changes: readonly GraphedChange[],
  rows: ReadonlyMap<string, number>,
): boolean {
  const last = rows.get(sought) ?? changes.length;
  const seen = new Set<string>();
  const open = [change];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const row = rows.get(hash);
    if (row === undefined || row >= last || seen.has(hash)) continue;
    seen.add(hash);
    const { parents = [] } = changes[row] ?? {};
    if (parents.includes(sought)) return true;
    open.push(...parents);
  }
  return false;
}

function trim(lanes: Lanes): void {
  while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop();
}

function freeLane(lanes: Lanes): number {
  const free = lanes.indexOf(undefined);
  return free >= 0 ? free : lanes.length;
}

function straight(lanes: Lanes, node?: number): LaneRow {
  return Array.from(lanes, (wanted, lane) => {
    const line = wanted === undefined ? "  " : "│ ";
    return { text: lane === node ? "● " : line, lane };
  });
}

/** From a lane that goes on to another one, whatever lies between. */
function connection(lanes: Lanes, own: number, other: number, end: string): LaneRow {
  const [left, right] = own < other ? [own, other] : [other, own];
  return Array.from({ length: Math.max(lanes.length, right + 1) }, (_, lane) => {
    const isActive = lanes[lane] !== undefined;
    const rest = lane >= left && lane < right ? "─" : " ";
    if (lane === own) return { text: (own < other ? "├" : "┤") + rest, lane: own };
    if (lane === other) return { text: end + rest, lane: other };
    if (lane > left && lane < right) return { text: (isActive ? "┼" : "─") + rest, lane: other };
    return { text: isActive ? "│ " : "  ", lane };
  });
}
