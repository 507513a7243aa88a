/** A 32-digit trace id as the UUID that LangSmith's SDKs ask for. */
export function uuidOfTrace(traceId: string): string {
  return `${traceId.slice(0, 8)}-${traceId.slice(8, 12)}-${traceId.slice(12, 16)}-${traceId.slice(16, 20)}-${traceId.slice(20)}`;
}

/** A 16-digit span id as LangSmith writes OpenTelemetry's: padded in front. */
export function uuidOfSpan(spanId: string): string {
  return `00000000-0000-0000-${spanId.slice(0, 4)}-${spanId.slice(4)}`;
}

const NANOS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds since 1970 as ISO 8601 with microseconds. */
export function isoOf(nanos: bigint): string {
  const second = new Date(Number(nanos / NANOS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${second}.${microsecondsOf(nanos)}Z`;
}

/** A segment of a run's `dotted_order`: when it began, and its id. */
export function orderSegment(nanos: bigint, id: string): string {
  const second = isoOf(nanos).slice(0, 19).replaceAll(/[-:]/g, "");
  return `${second}${microsecondsOf(nanos)}Z${id}`;
}

function microsecondsOf(nanos: bigint): string {
  return String((nanos % NANOS_PER_SECOND) / 1000n).padStart(6, "0");
}
