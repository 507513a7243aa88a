import type { AttributeValue, SpanId, TraceId } from "@telltale/model";
import type { EventRecord, LogRecord, SpanRecord } from "../otlp/record.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c" as TraceId;
const SPAN_ID = "b7ad6b7169203331" as SpanId;
const START = 1_795_478_648_000_000_000n;

/** What of a record a test says; the rest is ordinary. */
export interface RecordParts extends Partial<Omit<SpanRecord, "attributes" | "resource" | "scope">> {
  readonly scope?: string;
  readonly scopeVersion?: string;
  readonly resource?: Readonly<Record<string, AttributeValue>>;
}

/** A span record of one second with these attributes. */
export function spanRecord(attributes: Readonly<Record<string, AttributeValue>>, parts: RecordParts = {}): SpanRecord {
  const { scope = "test", scopeVersion = "1.0.0", resource = {}, ...others } = parts;
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: "span",
    spanKind: 1,
    startTime: START,
    endTime: START + 1_000_000_000n,
    statusCode: 0,
    statusMessage: "",
    droppedAttributes: 0,
    events: [],
    links: [],
    ...others,
    attributes: new Map(Object.entries(attributes)),
    resource: { attributes: new Map(Object.entries(resource)) },
    scope: { name: scope, version: scopeVersion, attributes: new Map() },
  };
}

/** A log record that belongs to the span of `spanRecord`. */
export function logRecord(
  eventName: string,
  body: AttributeValue,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): LogRecord {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    time: START,
    eventName,
    severity: "",
    body,
    attributes: new Map(Object.entries(attributes)),
    resource: { attributes: new Map() },
    scope: { name: "test", version: "", attributes: new Map() },
  };
}

/** A span event. */
export function eventRecord(name: string, attributes: Readonly<Record<string, AttributeValue>>): EventRecord {
  return { name, time: START, attributes: new Map(Object.entries(attributes)) };
}

/** An attribute value of any JSON, as OTLP types it: objects are maps. */
export function valueOf(json: unknown): AttributeValue {
  if (Array.isArray(json)) return json.map(valueOf);
  if (typeof json === "object" && json !== null) {
    return new Map(Object.entries(json).map(([key, value]) => [key, valueOf(value)]));
  }
  return json as AttributeValue;
}
