import { createHash } from "node:crypto";
import { parseSpanId, parseTraceId, type SpanId, type TraceId } from "@telltale/model";

/**
 * The trace id that stands for a vendor's: a UUID is 16 bytes as it is, `trace_` and 32 digits as well; anything else is
 * hashed, always to the same.
 */
export function traceIdOf(id: string): TraceId {
  const digits = id.startsWith("trace_") ? id.slice("trace_".length) : id.replaceAll("-", "");
  return parseTraceId(digits) ?? (hashOf(id).slice(0, 32) as TraceId);
}

/**
 * The span id that stands for a vendor's. The last 8 bytes of a UUID are the random ones in every version, and LangSmith
 * pads OpenTelemetry's ids to UUIDs in front. Anything else is hashed, always to the same.
 */
export function spanIdOf(id: string): SpanId {
  const digits = id.replaceAll("-", "");
  const known = /^[0-9a-fA-F]{16}$|^[0-9a-fA-F]{32}$/.test(digits) ? parseSpanId(digits.slice(-16)) : undefined;
  return known ?? (hashOf(id).slice(0, 16) as SpanId);
}

function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}
