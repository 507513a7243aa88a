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
  /** This trace and all that ids tie to it. Each call counts in one of them only. */
  together: {
    traces: number;
    llmCalls: number;
    toolCalls: number;
    /** Billed calls without a known price: the cost is a lower bound. */
    unpricedCalls: number;
    inputTokens: number | null;
    outputTokens: number | null;
    /** Nano-dollars as decimal text; null when unknown. */
    costNanos: string | null;
  };
  /** The library that made a trace of each step, and put into none what joins them; null where that did not happen. */
  splitBy: string | null;
}

/** A trace that belongs with another. */
export interface RelatedTrace {
  trace: TraceSummary;
  ties: TraceTie[];
}
