import type { Reader } from "../query.ts";
import { findTraces, type FoundTrace } from "./found-trace.ts";
import { totalsOf } from "./run-totals.ts";
import { pairsOf } from "./span-pairs.ts";
import { MOST_TRACES, tiedRun } from "./tied-run.ts";
import type { SkeletonJoin } from "./trace-skeleton.ts";
import { MOST_SPANS, tellersOf } from "./trace-ties.ts";

/** How the traces to join are told: the one word, or ids. */
export const TIED = "tied";

/** What a trace is read together with. */
export interface TracesToJoin {
  /** The trace itself too, in order of start. */
  readonly found: readonly FoundTrace[];
  readonly join: SkeletonJoin;
}

/**
 * The traces that a trace is to be joined with: those that ids tie to it, or those named. `undefined` where there
 * are none. Named ones are not looked for: that is what costs on a busy server.
 */
export async function tracesToJoin(own: FoundTrace, asked: string, reader: Reader): Promise<TracesToJoin | undefined> {
  const { traceId, project } = own.summary;
  const run = asked === TIED ? await tiedRun(traceId, project, reader) : undefined;
  const ids = new Set(run ? run.ties.keys() : asked.toLowerCase().split(","));
  ids.delete(traceId);
  if (ids.size === 0) return undefined;
  const others = await findTraces([...ids].slice(0, MOST_TRACES), project, reader);
  const found = [own, ...others].toSorted((a, b) => a.summary.startTime - b.summary.startTime);
  const traces = found.map(({ summary }) => summary);
  const tellers = await tellersOf(
    traces.map((trace) => trace.traceId),
    project,
    reader,
  );
  const more = (run?.more ?? false) || tellers.length === MOST_SPANS;
  const leftOut = ids.size - others.length;
  return { found, join: { traces, together: totalsOf(traces), leftOut, more, pairs: pairsOf(tellers) } };
}
