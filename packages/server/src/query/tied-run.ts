import type { TraceTie } from "../api-types.ts";
import type { Reader } from "../query.ts";
import { type SpanTies, tiedTraces, tiesOf } from "./trace-ties.ts";

/** Traces that are told beside one, and joined with it; a run in more pieces is told by those found first. */
export const MOST_TRACES = 100;
/** A trace, the traces it names, the traces these name. */
const ROUNDS = 3;

/** All that the spans of a trace are tied to by ids, and what that is tied to. */
export interface TiedRun {
  /** The spans of the trace itself. */
  readonly spans: readonly SpanTies[];
  /** The other traces in the order they were found, {@link MOST_TRACES} at most, and by what. */
  readonly ties: Map<string, ReadonlySet<TraceTie>>;
  /** Whether a bound was met: there may be others. */
  readonly more: boolean;
}

/** Follows the ids in the spans of a trace, from trace to trace. */
export async function tiedRun(traceId: string, project: string, reader: Reader): Promise<TiedRun> {
  const spans = await tiesOf([traceId], project, reader);
  const all = [...spans];
  const ties = new Map<string, ReadonlySet<TraceTie>>();
  let more = false;
  for (let round = 0; all.length > 0; round++) {
    const found = await tiedTraces(all, project, reader);
    more ||= found.more || ties.size + found.ties.size > MOST_TRACES;
    const fresh = [...found.ties].slice(0, MOST_TRACES - ties.size);
    for (const [id, how] of fresh) ties.set(id, how);
    if (fresh.length === 0 || ties.size === MOST_TRACES || round === ROUNDS - 1) break;
    const ids = fresh.map(([id]) => id);
    all.push(...(await tiesOf(ids, project, reader)));
  }
  return { spans, ties, more };
}
