import type { AttributeValue } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** A finished span with these attributes; the rest as it is told, or as it does not matter. */
export function spanRecord(
  attributes: Readonly<Record<string, AttributeValue>>,
  told: Partial<SpanRecord> = {},
): SpanRecord {
  const startTime = told.startTime ?? Date.UTC(2026, 10, 25);
  return {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    parentSpanId: undefined,
    remoteParent: false,
    name: "x",
    kind: 1,
    startTime,
    endTime: startTime + 1,
    attributes: new Map(Object.entries(attributes)),
    events: undefined,
    failed: false,
    statusMessage: "",
    heldBytes: 1,
    silent: false,
    unread: undefined,
    ...told,
  };
}
