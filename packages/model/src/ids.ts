/** 16 bytes as 32 lower-case hex digits, never all zero (W3C Trace Context §3.2.2.3). */
export type TraceId = string & { readonly brand: "TraceId" };

/** 8 bytes as 16 lower-case hex digits, never all zero (W3C Trace Context §3.2.2.4). */
export type SpanId = string & { readonly brand: "SpanId" };

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

/** Reads a trace id in any letter case; `undefined` when it is not one. */
export function parseTraceId(text: string): TraceId | undefined {
  const lower = text.toLowerCase();
  return TRACE_ID.test(lower) ? (lower as TraceId) : undefined;
}

/** Reads a span id in any letter case; `undefined` when it is not one. */
export function parseSpanId(text: string): SpanId | undefined {
  const lower = text.toLowerCase();
  return SPAN_ID.test(lower) ? (lower as SpanId) : undefined;
}
