import type { AttributeValue, SpanId, TraceId } from "@telltale/model";
import type { SpanRecord } from "../otlp/record.ts";
import type { SpanRow } from "./span-row.ts";

const STATUS_CODES: { readonly [status: string]: number } = { unset: 0, ok: 1, error: 2 };

/**
 * A record like the one that a stored row came from, so that its dialect can read the log
 * records that arrived later. Content that the dialect had consumed is in the row already.
 */
export function recordOfRow(row: SpanRow): SpanRecord {
  return {
    traceId: row.trace_id as TraceId,
    spanId: row.span_id as SpanId,
    ...(row.parent_span_id ? { parentSpanId: row.parent_span_id as SpanId } : {}),
    name: row.name,
    spanKind: 0,
    startTime: row.start_time,
    endTime: row.end_time ?? 0n,
    statusCode: STATUS_CODES[row.status] ?? 0,
    statusMessage: row.error_message,
    attributes: flatten(row.attributes),
    droppedAttributes: 0,
    events: [],
    links: [],
    resource: { attributes: flatten(row.resource || "{}") },
    scope: { name: row.scope_name, version: row.scope_version, attributes: new Map() },
  };
}

/** Attributes by dotted key from nested JSON text. */
export function flatten(json: string): Map<string, AttributeValue> {
  const flat = new Map<string, AttributeValue>();
  const visit = (prefix: string, value: unknown): void => {
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value)) visit(prefix ? `${prefix}.${key}` : key, inner);
    else flat.set(prefix, value as AttributeValue);
  };
  visit("", JSON.parse(json));
  return flat;
}
