/** A trace as rules see it, when it is over. */
export interface TraceView {
  readonly traceId: string;
  /** Name and kind (as in `telltale.span.kind`) of the span that it began with here. */
  readonly name: string;
  readonly kind: string;
  /** Models that were called. */
  readonly models: readonly string[];
  readonly spans: number;
  readonly durationMs: number;
  /** In dollars; undefined when no call has a known price. */
  readonly cost: number | undefined;
  readonly failed: boolean;
  /** Attributes of the span that it began with. */
  readonly attributes: ReadonlyMap<string, unknown>;
}

/** How many of some traces are kept. The first rule that fits decides. All that is told must fit. */
export interface SamplingRule {
  /** From 0 to 1. */
  readonly ratio: number;
  /** Name of the span that the trace began with; a text ending in `*` fits its beginning. */
  readonly name?: string | RegExp;
  /** Kind of any span of the trace, such as `agent` or `embedding`. */
  readonly kind?: string;
  /** A model that was called, as `name`. */
  readonly model?: string | RegExp;
  /** What else decides. One that throws does not fit. */
  readonly when?: (trace: TraceView) => boolean;
}

/** Traces that are kept whatever the ratio says, and count as kept with certainty. */
export interface AlwaysKeep {
  /** In which anything failed. Default true. */
  readonly errors?: boolean;
  /** In which a guard stopped or changed something. Default true. */
  readonly guards?: boolean;
  /** With a span that has `telltale.sampling.keep` set to true. Default true. */
  readonly flagged?: boolean;
  /** That took at least so long. Default 60,000. */
  readonly slowerThanMs?: number;
  /** Whose calls cost at least so many dollars. Default 1. */
  readonly dearerThan?: number;
}

/** What telemetry may cost: bytes as they are sent, before compression. */
export interface TelemetryBudget {
  /** In any minute. */
  readonly bytesPerMinute?: number;
  /** Of what the calls cost, such as 0.01. What is not priced earns nothing. */
  readonly shareOfSpend?: number;
  /** Dollars for 10^9 bytes sent and kept, for `shareOfSpend`. Default 0.5. */
  readonly pricePerGigabyte?: number;
}

/** Which traces are sent. What is not sent is counted, and the counts are sent as metrics. */
export interface SamplingOptions {
  /** From 0 to 1, by trace id. Default 1; else `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. */
  readonly ratio?: number;
  readonly rules?: readonly SamplingRule[];
  readonly keep?: AlwaysKeep;
  /** Traces per second beyond those that are kept always. */
  readonly tracesPerSecond?: number;
  readonly budget?: TelemetryBudget;
  /** Of the traces that are sent, so many have their content: prompts, answers, arguments. Default 1. */
  readonly contentRatio?: number;
  /** Whether what a caller decided (the sampled flag of W3C trace context) decides here too. Default false. */
  readonly followParent?: boolean;
  /** A trace that is not over after so long is decided on what was seen of it. Default 60,000. */
  readonly maxTraceMs?: number;
  /** The same for one with so many spans. Default 5,000. */
  readonly maxTraceSpans?: number;
}
