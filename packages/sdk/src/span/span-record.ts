import type { AttributeMap } from "../attribute-value.ts";
import type { Association } from "./association.ts";

/** What happened during a span; `time` in ms since 1970. */
export interface SpanEvent {
  readonly name: string;
  readonly time: number;
  readonly attributes: AttributeMap;
}

/** What a span is still to be made of: what was kept of its call. */
export interface Unread {
  /** Fills name and attributes. Answers false when the span turns out to be none. */
  complete(): boolean;
}

/** Changes a completed span before anything of it leaves. What it throws costs this span. */
export type SpanStep = (span: SpanRecord) => void;

/**
 * A span on its way: filled while the program runs, encoded when it is sent. Times are ms since
 * 1970 (doubles), ids lower-case hex.
 */
export interface SpanRecord extends Association {
  readonly traceId: string;
  readonly spanId: string;
  parentSpanId: string | undefined;
  /** Whether the parent came from another tracer. */
  readonly remoteParent: boolean;
  /** The W3C `tracestate` as it came from another process, then as it is sent. */
  traceState?: string | undefined;
  /** Whether the tracer of a remote parent keeps the trace. */
  readonly parentSampled?: boolean | undefined;
  name: string;
  /** OTLP SpanKind: 1 internal, 2 server, 3 client; 4 and 5 come from other tracers only. */
  kind: 1 | 2 | 3 | 4 | 5;
  readonly startTime: number;
  endTime: number;
  attributes: AttributeMap;
  events: SpanEvent[] | undefined;
  failed: boolean;
  statusMessage: string;
  /** Bytes this record holds on to, roughly; the queue is bounded by their sum. */
  heldBytes: number;
  /** Made where nothing is told; nor is what is below it. */
  readonly silent: boolean;
  /** Work left for the time of sending, off the program's path. */
  unread: Unread | undefined;
}
