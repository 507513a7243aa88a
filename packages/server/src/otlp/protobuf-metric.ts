import type { LazyResource, LazyScope } from "./protobuf-request.ts";
import { AttributeList } from "./protobuf-value.ts";
import type { MetricRecord } from "./record.ts";
import { skipRecord } from "./skip-record.ts";
import type { WireReader } from "./wire-reader.ts";

type MetricType = MetricRecord["type"];

/** The `oneof data` of a `Metric`, by field tag. */
const TYPES = new Map<number, MetricType>([
  [42, "gauge"],
  [58, "sum"],
  [74, "histogram"],
  [82, "exponential_histogram"],
  [90, "summary"],
]);

/** The tag of `attributes` differs between the kinds of data points. */
const ATTRIBUTE_TAGS: Readonly<Record<MetricType, number>> = {
  gauge: 58,
  sum: 58,
  histogram: 74,
  exponential_histogram: 10,
  summary: 58,
};

/** `DataPointFlags.NO_RECORDED_VALUE_MASK`. */
const NO_RECORDED_VALUE = 1;

/** What a metric says of all its points. */
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly data: readonly { readonly type: MetricType; readonly start: number; readonly end: number }[];
}

/**
 * Counts the data points of a `Metric` (opentelemetry/proto/metrics/v1/metrics.proto) and hands
 * each one that is sound to `accept`; `reject` gets the reason for each that is not.
 */
export function walkMetric(
  reader: WireReader,
  end: number,
  accept: (metric: Metric, type: MetricType, end: number) => void,
  reject: (reason: string) => void,
): void {
  const start = reader.position;
  const problem = skipRecord(reader, end, "metric");
  if (problem !== undefined) return reject(problem);
  reader.position = start;
  const metric = readMetric(reader, end);
  for (const { type, start: dataStart, end: dataEnd } of metric.data) {
    reader.position = dataStart;
    while (reader.position < dataEnd) {
      const tag = reader.tag();
      if (tag !== 10) {
        reader.skip(tag, dataEnd);
        continue;
      }
      const pointEnd = reader.partEnd(dataEnd);
      if (reader.failure !== undefined) break;
      const pointStart = reader.position;
      const broken = skipRecord(reader, pointEnd, "data point");
      if (broken === undefined) {
        reader.position = pointStart;
        accept(metric, type, pointEnd);
      } else reject(broken);
      reader.recover(pointEnd);
    }
    if (reader.failure !== undefined || reader.position !== dataEnd) reject("metric data is cut or broken");
    reader.recover(dataEnd);
  }
}

/** `Metric`: name = 1, unit = 3, data = 5, 7, 9, 10 or 11. */
function readMetric(reader: WireReader, end: number): Metric {
  let name = "";
  let unit = "";
  const data = [];
  while (reader.position < end) {
    const tag = reader.tag();
    const type = TYPES.get(tag);
    if (tag === 10) name = reader.text(reader.partEnd(end));
    else if (tag === 26) unit = reader.text(reader.partEnd(end));
    else if (type === undefined) reader.skip(tag, end);
    else {
      const dataEnd = reader.partEnd(end);
      data.push({ type, start: reader.position, end: dataEnd });
      reader.position = dataEnd;
    }
  }
  return { name, unit, data };
}

/** Reads one data point that `walkMetric` found sound. */
export function readDataPoint(
  reader: WireReader,
  end: number,
  metric: Metric,
  type: MetricType,
  resource: LazyResource,
  scope: LazyScope,
): MetricRecord {
  const attributes = new AttributeList();
  const scalar = type === "gauge" || type === "sum";
  let time = 0n;
  let flags = 0;
  let value: number | undefined;
  let count: number | undefined;
  let sum: number | undefined;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === ATTRIBUTE_TAGS[type]) attributes.read(reader, end);
    else if (tag === 25) time = reader.fixed64();
    else if (tag === 33 && scalar) value = reader.double();
    else if (tag === 49 && scalar) value = Number(reader.sfixed64());
    else if (tag === 33) count = Number(reader.fixed64());
    else if (tag === 41 && !scalar) sum = reader.double();
    else if (tag === (type === "histogram" || type === "exponential_histogram" ? 80 : 64)) flags = reader.varint();
    else reader.skip(tag, end);
  }
  const { name, unit } = metric;
  const known = (flags & NO_RECORDED_VALUE) === 0 ? { value, count, sum } : {};
  return {
    name,
    unit,
    type,
    time,
    ...known,
    attributes: attributes.map,
    resource: resource.record(reader),
    scope: scope.record(reader),
  };
}
