import type { TraceSummary } from "../api-types.ts";

/**
 * How another trace is tied to one. `parent`: a span here names one there as its parent, `child` the other way about;
 * `link`: a span's link, in either direction; `answer`: both tell of one answer of a provider; `toolCall`: both tell of one
 * call of a tool; `time`: no id says it, the same process was at it at the same time.
 */
export type TraceTie = "parent" | "child" | "link" | "answer" | "toolCall" | "time";

/** `GET /api/v1/traces/:traceId/related`. */
export interface RelatedTraces {
  /** In order of start. */
  related: RelatedTrace[];
  /** This trace and all that ids tie to it. */
  together: RunTotals;
  /** Whether a bound was met: there may be others. */
  more: boolean;
  /** The library that made a trace of each step, and put into none what joins them; null where that did not happen. */
  splitBy: string | null;
}

/** A trace that belongs with another. */
export interface RelatedTrace {
  trace: TraceSummary;
  ties: TraceTie[];
}

/** What the traces of one run are together. Each call counts in one of them only. */
export interface RunTotals {
  traces: number;
  /** When the first of them began; milliseconds since 1970. */
  startTime: number;
  /** Until the last of them ended. */
  durationMs: number;
  /** Of the trace that began first. */
  status: TraceSummary["status"];
  spanCount: number;
  llmCalls: number;
  toolCalls: number;
  errorCount: number;
  /** Billed calls whose cost is not wholly known: the cost is a lower bound. */
  unpricedCalls: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Nano-dollars as decimal text; null when unknown. */
  costNanos: string | null;
}

/** Several traces in one skeleton: those of one run, in order of start. */
export interface JoinedTraces {
  /** Their summaries; the trace that was asked for is one of them. */
  traces: TraceSummary[];
  /** By span: which of `traces` it is of. Ids of spans are unique within a trace only. */
  trace: number[];
  /** Spans that hang below one of another trace, and what says so. All others are where their own trace has them. */
  hung: { span: number; tie: TraceTie }[];
  together: RunTotals;
  /** Traces that belong here and are not in it. */
  leftOut: number;
  /** Whether a bound of the search was met: there may be others. */
  more: boolean;
}
