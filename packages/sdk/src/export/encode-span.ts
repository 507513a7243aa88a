import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";
import type { LeftOut } from "./span-limits.ts";

// Field numbers of opentelemetry/proto/trace/v1/trace.proto and common/v1/common.proto.
const SPAN = { traceId: 1, spanId: 2, traceState: 3, parentSpanId: 4, name: 5, kind: 6, start: 7, end: 8 } as const;
const SPAN_REST = { attributes: 9, leftAttributes: 10, events: 11, leftEvents: 12, status: 15, flags: 16 } as const;
const EVENT = { time: 1, name: 2, attributes: 3 } as const;
const STATUS = { message: 2, code: 3 } as const;
const VALUE = { string: 1, bool: 2, int: 3, double: 4, array: 5 } as const;
const STATUS_ERROR = 2;
/** Sampled, and it is known whether the parent is remote (SpanFlags of trace.proto). */
const FLAGS_LOCAL_PARENT = 0x101;
const FLAGS_REMOTE_PARENT = 0x301;

/** Writes attributes as repeated KeyValue under `field`. */
export function encodeAttributes(writer: ProtobufWriter, field: number, attributes: AttributeMap): void {
  for (const [name, value] of attributes) encodeAttribute(writer, field, name, value);
}

function encodeAttribute(writer: ProtobufWriter, field: number, name: string, value: AttributeValue): void {
  if (typeof value === "string" || Buffer.isBuffer(value)) return writer.textAttribute(field, name, value);
  const pair = writer.open(field);
  writer.text(1, name);
  const any = writer.open(2);
  encodeValue(writer, value);
  writer.close(any);
  writer.close(pair);
}

/** Longer texts are hardly the same again. */
const LONGEST_REPEATED = 64;
const MOST_REPEATED = 256;

/** What an attribute was the last time, and how it is written when it was the same before. */
interface Repeated {
  value: string | number | boolean;
  bytes: Buffer | undefined;
}

// Most attributes of a program's calls are the same in all of them: they are copied instead of put together again.
const repeated = new Map<string, Repeated>();

function encodeSpanAttributes(writer: ProtobufWriter, attributes: AttributeMap): void {
  for (const [name, value] of attributes) {
    if (typeof value === "object" || (typeof value === "string" && value.length > LONGEST_REPEATED)) {
      encodeAttribute(writer, SPAN_REST.attributes, name, value);
    } else encodeRepeated(writer, name, value);
  }
}

function encodeRepeated(writer: ProtobufWriter, name: string, value: string | number | boolean): void {
  const known = repeated.get(name);
  const isSame = known?.value === value;
  if (isSame && known.bytes !== undefined) return writer.copy(known.bytes);
  const start = writer.length;
  encodeAttribute(writer, SPAN_REST.attributes, name, value);
  if (isSame) known.bytes = writer.since(start);
  else if (known !== undefined) {
    known.value = value;
    known.bytes = undefined;
  } else if (repeated.size < MOST_REPEATED) repeated.set(name, { value, bytes: undefined });
}

function encodeValue(writer: ProtobufWriter, value: Exclude<AttributeValue, string | Buffer>): void {
  if (typeof value === "boolean") writer.varint(VALUE.bool, value ? 1 : 0);
  else if (typeof value === "number") encodeNumber(writer, value);
  else if ("double" in value) writer.double(VALUE.double, value.double);
  else {
    const list = writer.open(VALUE.array);
    for (const item of value) {
      const any = writer.open(1);
      writer.text(VALUE.string, item);
      writer.close(any);
    }
    writer.close(list);
  }
}

function encodeNumber(writer: ProtobufWriter, value: number): void {
  if (Number.isSafeInteger(value)) writer.integer(VALUE.int, value);
  else writer.double(VALUE.double, value);
}

/** Writes the fields of opentelemetry.proto.trace.v1.Span. */
export function encodeSpan(writer: ProtobufWriter, span: SpanRecord, left?: LeftOut): void {
  writer.hex(SPAN.traceId, span.traceId);
  writer.hex(SPAN.spanId, span.spanId);
  if (span.traceState !== undefined) writer.text(SPAN.traceState, span.traceState);
  if (span.parentSpanId !== undefined) writer.hex(SPAN.parentSpanId, span.parentSpanId);
  writer.text(SPAN.name, span.name);
  writer.varint(SPAN.kind, span.kind);
  writer.time(SPAN.start, span.startTime);
  writer.time(SPAN.end, Math.max(span.startTime, span.endTime));
  encodeSpanAttributes(writer, span.attributes);
  if (left !== undefined && left.attributes > 0) writer.varint(SPAN_REST.leftAttributes, left.attributes);
  if (left !== undefined && left.events > 0) writer.varint(SPAN_REST.leftEvents, left.events);
  for (const event of span.events ?? []) {
    const place = writer.open(SPAN_REST.events);
    writer.time(EVENT.time, event.time);
    writer.text(EVENT.name, event.name);
    encodeAttributes(writer, EVENT.attributes, event.attributes);
    writer.close(place);
  }
  if (span.failed) {
    const place = writer.open(SPAN_REST.status);
    if (span.statusMessage !== "") writer.text(STATUS.message, span.statusMessage);
    writer.varint(STATUS.code, STATUS_ERROR);
    writer.close(place);
  }
  writer.fixed32(SPAN_REST.flags, span.remoteParent ? FLAGS_REMOTE_PARENT : FLAGS_LOCAL_PARENT);
}
