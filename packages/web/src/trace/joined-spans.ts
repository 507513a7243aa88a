import type { TraceSkeleton, TraceSummary, TraceTie } from "@telltale/server/api-types";
import type { TraceIndex } from "./trace-index.ts";

/* Several traces in one skeleton: which trace a span is of, and what it is called among those of all. */

/** Where a span is stored. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
}

/** A place in the tree where another trace begins. */
export interface TraceBegin {
  readonly traceId: string;
  /** Whether it is the trace of the page. */
  readonly isOwn: boolean;
  /** What ties it to the span above; null where it stands at the top. */
  readonly tie: TraceTie | null;
}

/** The trace that a span is of: content is stored under its id. */
export function traceIdOf({ joined, summary }: TraceSkeleton, span: number): string {
  return joined?.traces[joined.trace[span] ?? -1]?.traceId ?? summary.traceId;
}

/**
 * The id of a span among those of all traces that may be shown with one: its own in the trace of the page, and with
 * its trace's id before it elsewhere. It stays the same when traces are joined or shown alone.
 */
export function spanKey(skeleton: TraceSkeleton, span: number): string {
  const spanId = skeleton.spanId[span] ?? "";
  if (skeleton.joined === null) return spanId;
  const traceId = traceIdOf(skeleton, span);
  return traceId === skeleton.summary.traceId ? spanId : `${traceId}:${spanId}`;
}

/** Where the span of a key is stored. */
export function placeOfKey(key: string, traceId: string): SpanPlace {
  const [first = "", second] = key.split(":", 2);
  return second === undefined ? { traceId, spanId: first } : { traceId: first, spanId: second };
}

/** By span: where another trace begins; of a trace with several spans at the top, the first. Empty for a trace alone. */
export function traceBegins({ skeleton, parent }: TraceIndex): ReadonlyMap<number, TraceBegin> {
  const begins = new Map<number, TraceBegin>();
  const { joined, summary } = skeleton;
  if (joined === null) return begins;
  const add = (span: number, tie: TraceTie | null): void => {
    const traceId = traceIdOf(skeleton, span);
    begins.set(span, { traceId, isOwn: traceId === summary.traceId, tie });
  };
  const seen = new Set<number>();
  for (const { span, tie } of joined.hung) {
    add(span, tie);
    seen.add(joined.trace[span] ?? -1);
  }
  for (let span = 0; span < parent.length; span++) {
    const trace = joined.trace[span] ?? -1;
    if (parent[span] !== -1 || seen.has(trace)) continue;
    seen.add(trace);
    add(span, null);
  }
  return begins;
}

/** Names and numbers for the head of the page: those of the run where traces are joined. */
export function runSummary({ summary, joined }: TraceSkeleton): TraceSummary {
  if (joined === null) return summary;
  const { traces: _count, ...together } = joined.together;
  return { ...summary, ...together };
}

/** How a trace is tied to another, in a few words. */
export const TIE_WORDS: { readonly [tie in TraceTie]: string } = {
  parent: "above this one",
  child: "below this one",
  link: "linked",
  answer: "tells the same answer",
  toolCall: "the same call of a tool",
  time: "at the same time; no id says it",
};
