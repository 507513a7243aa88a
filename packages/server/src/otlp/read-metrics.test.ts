import { JsonMetricsSerializer, ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { describe, expect, it } from "vitest";
import { readMetrics, scanMetrics } from "./read-metrics.ts";
import { bytesField, doubleField, fixed64Field, varintField } from "./write-protobuf.ts";

/** As `DataPointType` of the OpenTelemetry SDK numbers them. */
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const GAUGE = 2;
const SUM = 3;

function request(...metrics: readonly Uint8Array[]): Buffer {
  return bytesField(1, bytesField(2, ...metrics.map((metric) => bytesField(2, metric))));
}

function metric(dataPointType: number, valueType: number, value: unknown): object {
  return {
    descriptor: { name: `metric ${dataPointType}`, description: "", unit: "s", type: "COUNTER", valueType },
    aggregationTemporality: 1,
    dataPointType,
    isMonotonic: true,
    dataPoints: [{ startTime: [1, 0], endTime: [1_763_990_000, 123_456_789], attributes: { key: "value" }, value }],
  };
}

describe("metrics that the OpenTelemetry SDK sends", () => {
  const sent = {
    resource: { attributes: { "service.name": "app" } },
    scopeMetrics: [
      {
        scope: { name: "library", version: "1" },
        metrics: [
          metric(GAUGE, 1, 0.5),
          metric(SUM, 0, 42),
          metric(HISTOGRAM, 1, {
            buckets: { boundaries: [1, 2], counts: [1, 2, 3] },
            sum: 7.5,
            count: 6,
            min: 1,
            max: 3,
          }),
          metric(EXPONENTIAL_HISTOGRAM, 1, {
            sum: 3,
            count: 2,
            min: 1,
            max: 2,
            scale: 1,
            zeroCount: 0,
            positive: { offset: 0, bucketCounts: [1, 1] },
            negative: { offset: 0, bucketCounts: [] },
          }),
        ],
      },
    ],
  } as unknown as Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];

  it("are read equally from protobuf and from JSON", () => {
    const fromProtobuf = readMetrics(ProtobufMetricsSerializer.serializeRequest(sent)!, "protobuf");
    const json = JsonMetricsSerializer.serializeRequest(sent)!;
    expect(readMetrics(json, "json")).toEqual(fromProtobuf);
    expect(scanMetrics(json, "json")).toMatchObject({ accepted: 4, rejected: { count: 0 } });
    expect(fromProtobuf.metrics).toMatchObject([
      { name: "metric 2", unit: "s", type: "gauge", value: 0.5 },
      { type: "sum", value: 42 },
      { type: "histogram", count: 6, sum: 7.5 },
      { type: "exponential_histogram", count: 2, sum: 3 },
    ]);
    for (const read of fromProtobuf.metrics) {
      expect(read).toMatchObject({
        time: 1_763_990_000_123_456_789n,
        attributes: new Map([["key", "value"]]),
        resource: { attributes: new Map([["service.name", "app"]]) },
        scope: { name: "library", version: "1" },
      });
    }
  });
});

describe("a data point", () => {
  const TIME = fixed64Field(3, 9n);

  it("may be of a summary", () => {
    const point = Buffer.concat([TIME, fixed64Field(4, 3n), doubleField(5, 1.5)]);
    const body = request(Buffer.concat([bytesField(1, "old"), bytesField(11, bytesField(1, point))]));
    expect(readMetrics(body, "protobuf").metrics).toMatchObject([{ type: "summary", count: 3, sum: 1.5, time: 9n }]);
    expect(scanMetrics(body, "protobuf")).toMatchObject({ accepted: 1 });
  });

  it("says nothing of its value when nothing was recorded, and nothing of what it has not", () => {
    const unrecorded = Buffer.concat([TIME, doubleField(4, 1), varintField(8, 1)]);
    const body = request(
      Buffer.concat([bytesField(1, "gap"), bytesField(5, bytesField(1, unrecorded), bytesField(1, TIME))]),
    );
    for (const read of readMetrics(body, "protobuf").metrics) {
      expect([read.value, read.count, read.sum]).toEqual([undefined, undefined, undefined]);
    }
    const json = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"gap","gauge":{"dataPoints":[{"asInt":"5","flags":1},{}]}}]}]}]}`;
    expect(readMetrics(Buffer.from(json), "json").metrics.map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  it("that is broken is refused alone", () => {
    const points = [TIME, Buffer.from([0x3a, 0x7f]), TIME].map((point) => bytesField(1, point));
    const body = request(Buffer.concat([bytesField(1, "name"), bytesField(7, ...points)]), Buffer.from([0x0a, 0x7f]));
    const { metrics, rejected } = readMetrics(body, "protobuf");
    expect(metrics).toHaveLength(2);
    expect(rejected.count).toBe(2);
    expect(scanMetrics(body, "protobuf")).toMatchObject({
      accepted: 2,
      rejected: { count: 2, reasons: rejected.reasons },
    });
    const json = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[null,{"sum":{"dataPoints":[1,{"asDouble":"NaN"}]}}]}]}]}`;
    expect(readMetrics(Buffer.from(json), "json")).toMatchObject({
      metrics: [{ value: Number.NaN }],
      rejected: { count: 2 },
    });
  });
});

describe("a request that holds another signal", () => {
  it("is refused with a hint", () => {
    const span = Buffer.concat([
      bytesField(1, Buffer.alloc(16, 1)),
      bytesField(2, Buffer.alloc(8, 1)),
      fixed64Field(7, 1n),
    ]);
    expect(() => scanMetrics(request(span), "protobuf")).toThrow(/\/v1\/traces/);
    expect(() => scanMetrics(request(fixed64Field(1, 1n)), "protobuf")).toThrow(/\/v1\/logs/);
    expect(() => scanMetrics(Buffer.from('{"resourceLogs":[]}'), "json")).toThrow(/\/v1\/logs/);
  });
});
