import type { MetricRecord } from "../otlp/record.ts";
import type { InsertTarget } from "../store.ts";
import { attributesJson } from "./attributes-json.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import { hourOf } from "./row-number.ts";

/** One row of `metric_rows`. */
export interface MetricRow {
  readonly row: number;
  readonly project: string;
  readonly hour: number;
  readonly metric: MetricRecord;
}

/** The row of a metric data point. */
export function metricRowOf(metric: MetricRecord, project: string, row: number, receivedAt: bigint): MetricRow {
  return { row, project, hour: hourOf(metric.time, receivedAt), metric };
}

function text(name: string, value: (row: MetricRow) => string): ColumnSpec<MetricRow> {
  return { name, type: "text", expression: `assumeNotNull(${name})`, value };
}

function serviceOf(row: MetricRow): string {
  const service = row.metric.resource.attributes.get("service.name");
  return typeof service === "string" ? service : "";
}

/** How each field of a metric row is sent and stored. */
export const METRIC_COLUMNS: readonly ColumnSpec<MetricRow>[] = [
  { name: "row", type: "u64", expression: "assumeNotNull(row)", value: (row) => row.row },
  { name: "hour", type: "i64", expression: "toDateTime(assumeNotNull(hour), 'UTC')", value: (row) => row.hour },
  {
    name: "time",
    type: "i64",
    expression: "fromUnixTimestamp64Nano(assumeNotNull(time), 'UTC')",
    value: (row) => row.metric.time,
  },
  { name: "value", type: "f64", value: (row) => row.metric.value ?? null },
  { name: "count", type: "f64", value: (row) => row.metric.count ?? null },
  { name: "sum", type: "f64", value: (row) => row.metric.sum ?? null },
  text("project", (row) => row.project),
  text("name", (row) => row.metric.name),
  text("unit", (row) => row.metric.unit),
  text("type", (row) => row.metric.type),
  text("service_name", serviceOf),
  text("attributes", (row) => attributesJson(row.metric.attributes)),
];

/** Columns and expressions of the insert. */
export const METRIC_TARGETS: readonly InsertTarget[] = insertTargets(METRIC_COLUMNS);
