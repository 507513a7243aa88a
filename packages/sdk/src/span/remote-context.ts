/** A span of another process, or of another tracer, that work here belongs below. */
export interface RemoteContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether its tracer keeps it. */
  readonly sampled: boolean;
  /** Handed on as it came. */
  readonly tracestate?: string | undefined;
  /** Members of the baggage that are not ours, handed on as they came. */
  readonly baggage?: string | undefined;
}

// https://www.w3.org/TR/trace-context/#traceparent-header; later versions may append fields.
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
/** The specification lets a longer one be dropped. */
const LONGEST_TRACESTATE = 512;

/** Reads the headers of W3C trace context; undefined for anything that they do not allow. */
export function parseTraceparent(traceparent: string, tracestate?: string): RemoteContext | undefined {
  const match = TRACEPARENT.exec(traceparent.trim());
  if (match === null) return undefined;
  const [, version, traceId = "", spanId = "", flags = "0", more] = match;
  if (version === "00" && more !== undefined) return undefined;
  const isKept = tracestate !== undefined && tracestate !== "" && tracestate.length <= LONGEST_TRACESTATE;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, ...(isKept ? { tracestate } : {}) };
}

/** The header of W3C trace context for a span. */
export function formatTraceparent(traceId: string, spanId: string, sampled: boolean): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}
