import type { AttributeMap } from "../attribute-value.ts";
import { encodeAttributes } from "../export/encode-span.ts";
import { ProtobufWriter } from "../export/protobuf-writer.ts";
import type { UnsentSums } from "./unsent-ledger.ts";

// Field numbers of opentelemetry/proto/metrics/v1/metrics.proto.
const METRICS = 2;
const METRIC = { name: 1, description: 2, unit: 3, sum: 7 } as const;
const SUM = { points: 1, temporality: 2, monotonic: 3 } as const;
const POINT = { start: 2, time: 3, asInt: 6, attributes: 7 } as const;
const DELTA = 1;
/** Of the points of one row: the same when they are sent again. */
const ID = "telltale.unsent.report";

interface Told {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** The points of one row. */
  points(sums: UnsentSums): readonly { readonly value: number | bigint; readonly attributes?: AttributeMap }[];
}

const tokens = (type: string, value: number): { value: number; attributes: AttributeMap } => ({
  value,
  attributes: new Map([["gen_ai.token.type", type]]),
});

/** Sums over what was not sent; together with what was sent they are everything. */
const TOLD: readonly Told[] = [
  {
    name: "telltale.unsent.spans",
    unit: "{span}",
    description: "Spans that were not sent",
    points: ({ spans }) => [{ value: spans }],
  },
  {
    name: "telltale.unsent.calls",
    unit: "{call}",
    description: "Billed calls among them",
    points: ({ calls }) => [{ value: calls }],
  },
  {
    name: "telltale.unsent.unpriced_calls",
    unit: "{call}",
    description: "Calls whose cost is not wholly known",
    points: ({ unpriced }) => [{ value: unpriced }],
  },
  {
    name: "telltale.unsent.tokens",
    unit: "{token}",
    description: "Tokens of those calls; cache_read and cache_write are part of input, reasoning of output",
    points: (sums) => [
      tokens("input", sums.input),
      tokens("output", sums.output),
      tokens("cache_read", sums.cacheRead),
      tokens("cache_write", sums.cacheWrite),
      tokens("reasoning", sums.reasoning),
    ],
  },
  {
    name: "telltale.unsent.cost",
    unit: "nUSD",
    description: "What those calls cost, in nano-dollars",
    points: ({ nanos }) => [{ value: nanos }],
  },
];

/** Metric messages, each as field 2 of ScopeMetrics, and how many data points are in them. */
export interface EncodedSums {
  readonly bytes: Buffer;
  readonly points: number;
}

/**
 * Writes the sums as delta sums of OTLP. Zeros are left out. `report` tells this report from every other, so that a
 * server counts one that comes twice once; `redact` takes secrets out of names of models and agents.
 */
export function encodeUnsent(
  rows: readonly UnsentSums[],
  report: string,
  redact: (attributes: AttributeMap) => AttributeMap,
): EncodedSums {
  const writer = new ProtobufWriter();
  const common = new Map(rows.map((row, place) => [row, redact(attributesOf(row)).set(ID, `${report}-${place}`)]));
  let points = 0;
  for (const told of TOLD) {
    const found = rows.flatMap((row) => told.points(row).map((point) => ({ row, ...point })));
    const kept = found.filter(({ value }) => BigInt(value) !== 0n);
    if (kept.length === 0) continue;
    const metric = writer.open(METRICS);
    writer.text(METRIC.name, told.name);
    writer.text(METRIC.description, told.description);
    writer.text(METRIC.unit, told.unit);
    const sum = writer.open(METRIC.sum);
    for (const { row, value, attributes } of kept) {
      const point = writer.open(SUM.points);
      writer.time(POINT.start, row.first);
      writer.time(POINT.time, row.last);
      writer.fixed64(POINT.asInt, BigInt(value));
      encodeAttributes(writer, POINT.attributes, new Map([...(attributes ?? []), ...(common.get(row) ?? [])]));
      writer.close(point);
      points++;
    }
    writer.varint(SUM.temporality, DELTA);
    writer.varint(SUM.monotonic, 1);
    writer.close(sum);
    writer.close(metric);
  }
  return { bytes: writer.take(), points };
}

function attributesOf(row: UnsentSums): AttributeMap {
  const attributes: AttributeMap = new Map();
  attributes.set("telltale.unsent.reason", row.reason);
  if (row.overflow) return attributes.set("otel.metric.overflow", true);
  attributes.set("telltale.span.kind", row.kind);
  attributes.set("telltale.outcome", row.outcome);
  if (row.provider !== "") attributes.set("gen_ai.provider.name", row.provider);
  if (row.model !== "") attributes.set("gen_ai.response.model", row.model);
  if (row.agent !== "") attributes.set("gen_ai.agent.name", row.agent);
  return attributes;
}
