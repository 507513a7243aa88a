import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { bytesField, doubleField, fixed64Field, varintField } from "../../packages/server/src/otlp/write-protobuf.ts";

const START = 1_795_478_648_000_000_000n;

/** What of a span a check says. */
export interface SpanParts {
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
  /** Fields of the span as they go over the wire. */
  readonly more?: readonly Uint8Array[];
}

/** A request of traces in protobuf with these spans (opentelemetry-proto, trace service). */
export function tracesOf(...spans: readonly SpanParts[]): Buffer {
  const written = spans.map(({ traceId = randomBytes(16), spanId = randomBytes(8), more = [] }) =>
    bytesField(
      2,
      bytesField(1, traceId),
      bytesField(2, spanId),
      bytesField(5, "conformance"),
      varintField(6, 1),
      fixed64Field(7, START),
      fixed64Field(8, START + 1_000_000n),
      ...more,
    ),
  );
  return bytesField(1, bytesField(2, ...written));
}

/** An attribute of a span: the key and an AnyValue. */
export function attribute(key: string, value: Uint8Array): Buffer {
  return bytesField(9, bytesField(1, key), bytesField(2, value));
}

const list = (...values: readonly Uint8Array[]): Buffer =>
  bytesField(5, ...values.map((value) => bytesField(1, value)));

/** Values that a receiver must take on any attribute since version 1.9.0 of the protocol. */
export const VALUES: readonly (readonly [string, Uint8Array])[] = [
  ["empty", Buffer.alloc(0)],
  ["bytes", bytesField(7, Buffer.from([0, 1, 255]))],
  ["mixed list", list(bytesField(1, "a"), varintField(3, 7), doubleField(4, 0.5), Buffer.alloc(0))],
  ["list in a list", list(list(bytesField(1, "a")))],
  ["key-values", bytesField(6, bytesField(1, bytesField(1, "inner"), bytesField(2, list(varintField(3, -1)))))],
];

/** A request in JSON with what the mapping allows: ids in capitals, whole numbers both ways, unknown fields. */
export function jsonTraces(broken = false): string {
  const span = (traceId: string): object => ({
    traceId,
    spanId: randomBytes(8).toString("hex").toUpperCase(),
    name: "conformance",
    kind: 3,
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(START + 1_000_000n),
    attributes: [
      { key: "as text", value: { intValue: "9007199254740993" } },
      { key: "as number", value: { intValue: 7 } },
      { key: "bytes", value: { bytesValue: "AAH/" } },
    ],
    aFieldOfTomorrow: { any: ["thing"] },
  });
  const spans = [span(randomBytes(16).toString("hex").toUpperCase()), ...(broken ? [span("0".repeat(32))] : [])];
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }], aFieldOfTomorrow: 1 });
}

/** A small body that becomes one of 128 MiB, twice what the protocol recommends to take. */
export function bomb(): Buffer {
  const part = Buffer.alloc(1 << 20, 0x20);
  return gzipSync(Buffer.concat(Array.from({ length: 128 }, () => part)));
}
