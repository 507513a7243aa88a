import { spanKey } from "./joined-spans.ts";
import type { RepeatGroups } from "./repeat-groups.ts";
import type { TraceIndex } from "./trace-index.ts";

/** What is open: by span 1 when closed (open is the rule), by group 1 when open (closed is the rule). */
export interface OpenState {
  readonly closed: Uint8Array;
  readonly groupOpen: Uint8Array;
}

/**
 * The rows to draw, in order. `row[i]` is the number of a span, or `-1 - group` for the row that stands for
 * a run of repeats. `level[i]` counts from 0.
 */
export interface VisibleRows {
  readonly count: number;
  readonly row: Int32Array;
  readonly level: Int32Array;
}

/** Everything open, every run of repeats folded. */
export function initialOpenState(index: TraceIndex, groups: RepeatGroups): OpenState {
  return { closed: new Uint8Array(index.count), groupOpen: new Uint8Array(groups.count) };
}

/** Lists the rows that are not hidden by something closed. */
export function visibleRows(index: TraceIndex, groups: RepeatGroups, open: OpenState): VisibleRows {
  const row = new Int32Array(index.count + groups.count);
  const level = new Int32Array(index.count + groups.count);
  const inside: number[] = [];
  let count = 0;
  let place = 0;
  while (place < index.count) {
    while (inside.length > 0 && place >= (inside.at(-1) ?? 0)) inside.pop();
    const span = index.order[place] ?? 0;
    const group = groups.startsAt[place] ?? -1;
    // At the place where an open group begins, its row comes first and then its first span.
    if (group !== -1) {
      row[count] = -1 - group;
      level[count++] = (index.depth[span] ?? 0) + inside.length;
      const end = groups.end[group] ?? index.count;
      if (open.groupOpen[group] !== 1) {
        place = end;
        continue;
      }
      inside.push(end);
    }
    row[count] = span;
    level[count++] = (index.depth[span] ?? 0) + inside.length;
    place = open.closed[span] === 1 ? (index.end[span] ?? place + 1) : place + 1;
  }
  return { count, row: row.subarray(0, count), level: level.subarray(0, count) };
}

/** The row of a span, or -1 while it is hidden. */
export function rowOfSpan(rows: VisibleRows, span: number): number {
  return rows.row.indexOf(span);
}

/** The same state with whatever hides the span opened. */
export function revealSpan(index: TraceIndex, groups: RepeatGroups, open: OpenState, span: number): OpenState {
  const closed = open.closed.slice();
  const groupOpen = open.groupOpen.slice();
  for (let above = index.parent[span] ?? -1; above !== -1; above = index.parent[above] ?? -1) closed[above] = 0;
  const place = index.place[span] ?? 0;
  for (let group = 0; group < groups.count; group++) {
    const start = index.place[groups.first[group] ?? 0] ?? 0;
    if (start <= place && place < (groups.end[group] ?? 0)) groupOpen[group] = 1;
  }
  return { closed, groupOpen };
}

/** The same state with one row opened or closed. */
export function setRowOpen(open: OpenState, row: number, isOpen: boolean): OpenState {
  if (row >= 0) {
    const closed = open.closed.slice();
    closed[row] = isOpen ? 0 : 1;
    return { ...open, closed };
  }
  const groupOpen = open.groupOpen.slice();
  groupOpen[-1 - row] = isOpen ? 1 : 0;
  return { ...open, groupOpen };
}

/** Everything open, or everything but the top closed. */
export function setAllOpen(index: TraceIndex, groups: RepeatGroups, isOpen: boolean): OpenState {
  const closed = new Uint8Array(index.count);
  if (!isOpen) for (let span = 0; span < index.count; span++) closed[span] = (index.depth[span] ?? 0) > 0 ? 1 : 0;
  return { closed, groupOpen: new Uint8Array(groups.count).fill(isOpen ? 1 : 0) };
}

/** What was open among one answer's rows, told of another's: of the same trace that grew, or was joined with others. */
export function carryOpenState(
  from: { readonly index: TraceIndex; readonly groups: RepeatGroups; readonly open: OpenState },
  index: TraceIndex,
  groups: RepeatGroups,
): OpenState {
  const open = initialOpenState(index, groups);
  for (let span = 0; span < from.index.count; span++) {
    if (from.open.closed[span] !== 1) continue;
    const now = index.find(spanKey(from.index.skeleton, span));
    if (now !== undefined) open.closed[now] = 1;
  }
  const groupOf = new Map(groups.first.map((span, group) => [span, group]));
  for (let group = 0; group < from.groups.count; group++) {
    if (from.open.groupOpen[group] !== 1) continue;
    const first = index.find(spanKey(from.index.skeleton, from.groups.first[group] ?? -1));
    const now = first === undefined ? undefined : groupOf.get(first);
    if (now !== undefined) open.groupOpen[now] = 1;
  }
  return open;
}
