import { Buffer } from "node:buffer";
import type { Attributes, AttributeValue } from "@telltale/model";
import type { ResourceRecord, ScopeRecord, SpanRecord } from "./record.ts";
import { bytesField, doubleField, fixed64Field, varintField } from "./write-protobuf.ts";

/** Records of one scope of one resource, in the order they came. */
interface ScopeGroup {
  readonly resource: ResourceRecord;
  readonly scope: ScopeRecord;
  readonly spans: SpanRecord[];
}

/** Groups by the objects: records that share a resource and a scope share these. */
function grouped(spans: Iterable<SpanRecord>): Map<ResourceRecord, Map<ScopeRecord, ScopeGroup>> {
  const resources = new Map<ResourceRecord, Map<ScopeRecord, ScopeGroup>>();
  for (const span of spans) {
    const { resource, scope } = span;
    let scopes = resources.get(resource);
    if (!scopes) resources.set(resource, (scopes = new Map()));
    const group = scopes.get(scope);
    if (group) group.spans.push(span);
    else scopes.set(scope, { resource, scope, spans: [span] });
  }
  return resources;
}

/** An `ExportTraceServiceRequest` in protobuf; what {@link readTraces} reads comes back the same. */
export function writeTraces(spans: Iterable<SpanRecord>): Buffer {
  const resources = [...grouped(spans)].map(([{ attributes }, scopes]) => {
    const groups = [...scopes.values()].map(({ scope, spans: own }) =>
      bytesField(
        2,
        bytesField(1, bytesField(1, scope.name), bytesField(2, scope.version), ...keyValues(3, scope.attributes)),
        ...own.map((span) => bytesField(2, ...spanFields(span))),
      ),
    );
    return bytesField(1, bytesField(1, ...keyValues(1, attributes)), ...groups);
  });
  return Buffer.concat(resources);
}

function spanFields(span: SpanRecord): Uint8Array[] {
  return [
    bytesField(1, Buffer.from(span.traceId, "hex")),
    bytesField(2, Buffer.from(span.spanId, "hex")),
    ...(span.parentSpanId === undefined ? [] : [bytesField(4, Buffer.from(span.parentSpanId, "hex"))]),
    bytesField(5, span.name.toWellFormed()),
    varintField(6, span.spanKind),
    fixed64Field(7, span.startTime),
    fixed64Field(8, span.endTime),
    ...keyValues(9, span.attributes),
    varintField(10, span.droppedAttributes),
    ...span.events.map(({ name, time, attributes }) =>
      bytesField(11, fixed64Field(1, time), bytesField(2, name.toWellFormed()), ...keyValues(3, attributes)),
    ),
    varintField(12, span.droppedEvents ?? 0),
    ...span.links.map(({ traceId, spanId, attributes }) =>
      bytesField(
        13,
        bytesField(1, Buffer.from(traceId, "hex")),
        bytesField(2, Buffer.from(spanId, "hex")),
        ...keyValues(4, attributes),
      ),
    ),
    varintField(14, span.droppedLinks ?? 0),
    bytesField(15, bytesField(2, span.statusMessage.toWellFormed()), varintField(3, span.statusCode)),
  ];
}

function keyValues(field: number, attributes: Attributes): Uint8Array[] {
  return [...attributes].map(([key, value]) =>
    bytesField(field, bytesField(1, key.toWellFormed()), bytesField(2, anyValue(value))),
  );
}

function anyValue(value: AttributeValue): Uint8Array {
  switch (typeof value) {
    case "string":
      return bytesField(1, value.toWellFormed());
    case "boolean":
      return varintField(2, value ? 1 : 0);
    case "bigint":
      return varintField(3, value);
    case "number":
      return isInteger(value) ? varintField(3, value) : doubleField(4, value);
  }
  if (value === null) return Buffer.alloc(0);
  if (value instanceof Uint8Array) return bytesField(7, value);
  if (value instanceof Map) return bytesField(6, ...keyValues(1, value));
  return bytesField(5, ...(value as readonly AttributeValue[]).map((item) => bytesField(1, anyValue(item))));
}

/** Integers of JavaScript go as integers; -0 and what lies beyond ±2⁵³ is a double. */
function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** The `resourceSpans` of an `ExportTraceServiceRequest` in OTLP/JSON, as texts. */
export function writeJsonTraces(spans: Iterable<SpanRecord>): string[] {
  return [...grouped(spans)].map(([{ attributes }, scopes]) =>
    JSON.stringify({
      resource: { attributes: jsonKeyValues(attributes) },
      scopeSpans: [...scopes.values()].map(({ scope, spans: own }) => ({
        scope: { name: scope.name, version: scope.version, attributes: jsonKeyValues(scope.attributes) },
        spans: own.map(jsonSpan),
      })),
    }),
  );
}

function jsonSpan(span: SpanRecord): unknown {
  const { traceId, spanId, parentSpanId, name, spanKind, startTime, endTime, events, links } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: spanKind,
    startTimeUnixNano: String(startTime),
    endTimeUnixNano: String(endTime),
    attributes: jsonKeyValues(span.attributes),
    droppedAttributesCount: span.droppedAttributes,
    events: events.map((event) => ({
      timeUnixNano: String(event.time),
      name: event.name,
      attributes: jsonKeyValues(event.attributes),
    })),
    droppedEventsCount: span.droppedEvents ?? 0,
    links: links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: jsonKeyValues(link.attributes),
    })),
    droppedLinksCount: span.droppedLinks ?? 0,
    status: { code: span.statusCode, message: span.statusMessage },
  };
}

function jsonKeyValues(attributes: Attributes): unknown[] {
  return [...attributes].map(([key, value]) => ({ key, value: jsonAnyValue(value) }));
}

function jsonAnyValue(value: AttributeValue): unknown {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "bigint":
      return { intValue: String(value) };
    case "number":
      if (isInteger(value)) return { intValue: String(value) };
      // JSON has no number for these, and its -0 is read as 0 by many.
      if (Object.is(value, -0)) return { doubleValue: "-0" };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
  }
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (value instanceof Map) return { kvlistValue: { values: jsonKeyValues(value) } };
  return { arrayValue: { values: (value as readonly AttributeValue[]).map(jsonAnyValue) } };
}
