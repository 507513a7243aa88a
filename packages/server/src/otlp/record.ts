import type { Attributes, AttributeValue, Instant, SpanId, TraceId } from "@telltale/model";

/** Who sent it: one object per ResourceSpans/ResourceLogs, shared by its records. */
export interface ResourceRecord {
  readonly attributes: Attributes;
}

/** Which library sent it; shared by the records of one scope. */
export interface ScopeRecord {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

/** An event of a span, as sent. */
export interface EventRecord {
  readonly name: string;
  readonly time: Instant;
  readonly attributes: Attributes;
}

/** A link of a span, as sent. */
export interface LinkRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly attributes: Attributes;
}

/** One OTLP span with valid ids, not yet given a meaning. */
export interface SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId?: SpanId;
  readonly name: string;
  /** OTLP `SpanKind`: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly spanKind: number;
  readonly startTime: Instant;
  /** 0n when the sender told none. */
  readonly endTime: Instant;
  /** OTLP `StatusCode`: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  /** Events and links that the sender dropped, or that were past a limit or broken here. */
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
  readonly events: readonly EventRecord[];
  readonly links: readonly LinkRecord[];
  readonly resource: ResourceRecord;
  readonly scope: ScopeRecord;
}

/** One OTLP log record. `eventName` is the field, else the attribute `event.name`, else "". */
export interface LogRecord {
  readonly traceId?: TraceId;
  readonly spanId?: SpanId;
  readonly time: Instant;
  readonly eventName: string;
  readonly severity: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly resource: ResourceRecord;
  readonly scope: ScopeRecord;
}

/** One OTLP metric data point; a histogram keeps its count and sum. */
export interface MetricRecord {
  readonly name: string;
  readonly unit: string;
  readonly type: "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";
  readonly time: Instant;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly attributes: Attributes;
  readonly resource: ResourceRecord;
  readonly scope: ScopeRecord;
}

/** The three OTLP signals. */
export type Signal = "traces" | "logs" | "metrics";
