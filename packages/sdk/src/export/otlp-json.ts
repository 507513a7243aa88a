import type { Signal } from "./otlp-request.ts";
import { type Field, readFields } from "../reading/protobuf-fields.ts";

type Scalar = "text" | "hex" | "base64" | "integer" | "fixed64" | "double" | "number" | "boolean";

interface FieldShape {
  readonly name: string;
  readonly type: Scalar | (() => MessageShape);
  readonly list?: boolean;
}

/** Fields of a message by their numbers. */
type MessageShape = Readonly<Record<number, FieldShape>>;

const many = (name: string, shape: () => MessageShape): FieldShape => ({ name, type: shape, list: true });
const one = (name: string, type: FieldShape["type"]): FieldShape => ({ name, type });

// opentelemetry.proto: common/v1, resource/v1, trace/v1 and metrics/v1, as far as we write them.
// OTLP/JSON is proto3's JSON, but ids are hex and enums numbers.
const ANY: MessageShape = {
  1: one("stringValue", "text"),
  2: one("boolValue", "boolean"),
  3: one("intValue", "integer"),
  4: one("doubleValue", "double"),
  5: one("arrayValue", () => ({ 1: many("values", () => ANY) })),
  6: one("kvlistValue", () => ({ 1: many("values", () => PAIR) })),
  7: one("bytesValue", "base64"),
};
const PAIR: MessageShape = { 1: one("key", "text"), 2: one("value", () => ANY) };
const RESOURCE: MessageShape = { 1: many("attributes", () => PAIR) };
const SCOPE: MessageShape = { 1: one("name", "text"), 2: one("version", "text"), 3: many("attributes", () => PAIR) };
const EVENT: MessageShape = {
  1: one("timeUnixNano", "fixed64"),
  2: one("name", "text"),
  3: many("attributes", () => PAIR),
  4: one("droppedAttributesCount", "number"),
};
const LINK: MessageShape = {
  1: one("traceId", "hex"),
  2: one("spanId", "hex"),
  3: one("traceState", "text"),
  4: many("attributes", () => PAIR),
};
const SPAN: MessageShape = {
  1: one("traceId", "hex"),
  2: one("spanId", "hex"),
  3: one("traceState", "text"),
  4: one("parentSpanId", "hex"),
  5: one("name", "text"),
  6: one("kind", "number"),
  7: one("startTimeUnixNano", "fixed64"),
  8: one("endTimeUnixNano", "fixed64"),
  9: many("attributes", () => PAIR),
  10: one("droppedAttributesCount", "number"),
  11: many("events", () => EVENT),
  12: one("droppedEventsCount", "number"),
  13: many("links", () => LINK),
  15: one("status", () => ({ 2: one("message", "text"), 3: one("code", "number") })),
  16: one("flags", "number"),
};
const POINT: MessageShape = {
  2: one("startTimeUnixNano", "fixed64"),
  3: one("timeUnixNano", "fixed64"),
  4: one("asDouble", "double"),
  6: one("asInt", "fixed64"),
  7: many("attributes", () => PAIR),
};
const SUM: MessageShape = {
  1: many("dataPoints", () => POINT),
  2: one("aggregationTemporality", "number"),
  3: one("isMonotonic", "boolean"),
};
const METRIC: MessageShape = {
  1: one("name", "text"),
  2: one("description", "text"),
  3: one("unit", "text"),
  7: one("sum", () => SUM),
};

function envelope(outer: string, inner: string, items: string, item: MessageShape): MessageShape {
  const scoped: MessageShape = { 1: one("scope", () => SCOPE), 2: many(items, () => item) };
  const resourced: MessageShape = { 1: one("resource", () => RESOURCE), 2: many(inner, () => scoped) };
  return { 1: many(outer, () => resourced) };
}

const REQUESTS: Readonly<Record<Signal, MessageShape>> = {
  traces: envelope("resourceSpans", "scopeSpans", "spans", SPAN),
  metrics: envelope("resourceMetrics", "scopeMetrics", "metrics", METRIC),
};

/** The same request in OTLP/JSON. Throws a RangeError when the message is not well-formed. */
export function jsonOf(signal: Signal, message: Buffer): Buffer {
  const pieces: string[] = [];
  writeMessage(message, REQUESTS[signal], pieces);
  return Buffer.from(pieces.join(""));
}

function writeMessage(message: Buffer, shape: MessageShape, out: string[]): void {
  const values = new Map<FieldShape, Field[]>();
  for (const found of readFields(message)) {
    const known = shape[found.field];
    if (known === undefined) continue;
    const held = values.get(known);
    if (held === undefined) values.set(known, [found]);
    else held.push(found);
  }
  let separator = "{";
  for (const [field, found] of values) {
    out.push(separator, JSON.stringify(field.name), ":");
    if (field.list === true) writeList(found, field, out);
    else for (const last of found.slice(-1)) writeValue(last, field, out);
    separator = ",";
  }
  out.push(separator === "{" ? "{}" : "}");
}

function writeList(found: readonly Field[], field: FieldShape, out: string[]): void {
  let separator = "[";
  for (const item of found) {
    out.push(separator);
    writeValue(item, field, out);
    separator = ",";
  }
  out.push("]");
}

function writeValue(found: Field, { type }: FieldShape, out: string[]): void {
  if (typeof type === "function") writeMessage(found.bytes, type(), out);
  else out.push(scalar(found, type));
}

function scalar({ bytes, number }: Field, type: Scalar): string {
  switch (type) {
    case "text":
      return JSON.stringify(bytes.toString("utf8"));
    case "hex":
      return `"${bytes.toString("hex")}"`;
    case "base64":
      return `"${bytes.toString("base64")}"`;
    case "integer":
      return `"${signedVarint(bytes)}"`;
    case "fixed64":
      return `"${bytes.readBigInt64LE()}"`;
    case "double":
      return double(bytes.readDoubleLE());
    case "number":
      return String(number);
    case "boolean":
      return number === 0 ? "false" : "true";
  }
}

/** JSON has no word for these; proto3's mapping writes them as text. */
function double(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
}

function signedVarint(bytes: Buffer): bigint {
  let value = 0n;
  bytes.forEach((byte, index) => (value |= BigInt(byte & 127) << BigInt(7 * index)));
  return BigInt.asIntN(64, value);
}
