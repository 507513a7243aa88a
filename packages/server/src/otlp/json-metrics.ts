import { isObject, listOf, walkJsonRequest } from "./json-request.ts";
import type { JsonObject } from "./json-request.ts";
import { jsonAttributes, jsonCount, jsonDouble, jsonInstant, jsonInt64, jsonText } from "./json-value.ts";
import { MAX_RECORDS } from "./limits.ts";
import type { MetricRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";

type MetricType = MetricRecord["type"];

const TYPES: readonly (readonly [string, MetricType])[] = [
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "exponential_histogram"],
  ["summary", "summary"],
];

/** `DataPointFlags.NO_RECORDED_VALUE_MASK`. */
const NO_RECORDED_VALUE = 1;

/** `readMetrics` for OTLP/JSON. */
export function readJsonMetrics(body: Uint8Array): { metrics: MetricRecord[]; rejected: Rejected } {
  const metrics: MetricRecord[] = [];
  const rejected = new Rejections();
  walkJsonRequest(body, "metrics", (record, resource, scope) =>
    walkMetric(record, rejected, (metric, type, point) => {
      if (metrics.length >= MAX_RECORDS) rejected.add(TOO_MANY_RECORDS);
      else metrics.push({ ...readDataPoint(metric, type, point), resource: resource(), scope: scope() });
    }),
  );
  return { metrics, rejected };
}

/** `scanMetrics` for OTLP/JSON. */
export function scanJsonMetrics(body: Uint8Array): Scan {
  const rejected = new Rejections();
  let accepted = 0;
  walkJsonRequest(body, "metrics", (record) =>
    walkMetric(record, rejected, () => {
      if (accepted >= MAX_RECORDS) rejected.add(TOO_MANY_RECORDS);
      else accepted++;
    }),
  );
  return { accepted, rejected };
}

function walkMetric(
  record: unknown,
  rejected: Rejections,
  accept: (metric: JsonObject, type: MetricType, point: JsonObject) => void,
): void {
  if (!isObject(record)) return rejected.add("metric is not an object");
  for (const [field, type] of TYPES) {
    const data = record[field];
    if (!isObject(data)) continue;
    for (const point of listOf(data.dataPoints, "dataPoints")) {
      if (isObject(point)) accept(record, type, point);
      else rejected.add("data point is not an object");
    }
  }
}

function readDataPoint(
  metric: JsonObject,
  type: MetricType,
  point: JsonObject,
): Omit<MetricRecord, "resource" | "scope"> {
  const common = {
    name: jsonText(metric.name),
    unit: jsonText(metric.unit),
    type,
    time: jsonInstant(point.timeUnixNano),
    attributes: jsonAttributes(point.attributes),
  };
  if ((jsonCount(point.flags) & NO_RECORDED_VALUE) !== 0) return common;
  if (type === "gauge" || type === "sum") return { ...common, value: scalarOf(point) };
  return { ...common, count: numberOf(jsonInt64(point.count)), sum: jsonDouble(point.sum) };
}

function scalarOf(point: JsonObject): number | undefined {
  return point.asInt === undefined ? jsonDouble(point.asDouble) : numberOf(jsonInt64(point.asInt));
}

function numberOf(value: number | bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
