import type { TraceSummary } from "@telltale/server/api-types";

/**
 * What came over the live feed since the list was loaded. `head` is shown above the loaded rows, `pending`
 * waits, `updates` are newer versions of rows that are on the page and replace them where they stand.
 */
export interface LiveList {
  readonly head: readonly TraceSummary[];
  readonly pending: readonly TraceSummary[];
  readonly updates: ReadonlyMap<string, TraceSummary>;
}

/** Nothing came yet. */
export const EMPTY_LIVE_LIST: LiveList = { head: [], pending: [], updates: new Map() };

/** More waiting rows than this are counted but not kept: releasing them loads the list anew. */
export const MOST_PENDING = 200;

/** Takes in traces. A row that is shown never moves: it is replaced in place; a new one waits. */
export function receive(
  list: LiveList,
  traces: readonly TraceSummary[],
  isLoaded: (traceId: string) => boolean,
): LiveList {
  let { head, pending } = list;
  let updates: Map<string, TraceSummary> | undefined;
  for (const trace of traces) {
    const { traceId } = trace;
    if (isLoaded(traceId)) {
      updates ??= new Map(list.updates);
      updates.set(traceId, trace);
    } else if (head.some((row) => row.traceId === traceId)) head = replace(head, trace);
    else if (pending.some((row) => row.traceId === traceId)) pending = replace(pending, trace);
    else pending = [trace, ...pending];
  }
  return { head, pending, updates: updates ?? list.updates };
}

function replace(rows: readonly TraceSummary[], trace: TraceSummary): TraceSummary[] {
  return rows.map((row) => (row.traceId === trace.traceId ? trace : row));
}

/** Shows what waited, newest first. */
export function release(list: LiveList): LiveList {
  if (list.pending.length === 0) return list;
  const pending = list.pending.toSorted((left, right) => right.startTime - left.startTime);
  return { ...list, head: [...pending, ...list.head], pending: [] };
}

/** The rows to draw. A trace that is both in the head and among the loaded rows is drawn once, above. */
export function shownRows(list: LiveList, loaded: readonly TraceSummary[]): TraceSummary[] {
  const above = new Set(list.head.map(({ traceId }) => traceId));
  const rest = loaded.filter(({ traceId }) => !above.has(traceId));
  return [...list.head, ...rest.map((row) => list.updates.get(row.traceId) ?? row)];
}
