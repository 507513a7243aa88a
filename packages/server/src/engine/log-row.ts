import type { Attributes, AttributeValue } from "@telltale/model";
import { readLogs } from "../otlp/read-logs.ts";
import type { LogRecord } from "../otlp/record.ts";
import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import { hourOf } from "./row-number.ts";

/** One row of `log_rows`. */
export interface LogRow {
  readonly row: number;
  readonly project: string;
  readonly hour: number;
  readonly trace_id: string;
  readonly span_id: string;
  readonly time: bigint;
  readonly name: string;
  readonly severity: string;
  readonly service_name: string;
  readonly record: string;
}

/** OTLP/JSON of one value: the typing survives, which plain JSON would lose. */
function anyValue(value: AttributeValue): object {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "bigint":
      return { intValue: value.toString() };
    case "number":
      return Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: Number.isFinite(value) ? value : String(value) };
  }
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (value instanceof Map) return { kvlistValue: { values: keyValues(value) } };
  return { arrayValue: { values: (value as readonly AttributeValue[]).map(anyValue) } };
}

function keyValues(attributes: Attributes): object[] {
  return [...attributes].map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** The record as a whole OTLP/JSON request, so that the receiver's own reader reads it back. */
export function logRecordJson(log: LogRecord): string {
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: keyValues(log.resource.attributes) },
        scopeLogs: [
          {
            scope: { name: log.scope.name, version: log.scope.version },
            logRecords: [
              {
                timeUnixNano: log.time.toString(),
                eventName: log.eventName,
                severityText: log.severity,
                traceId: log.traceId,
                spanId: log.spanId,
                body: anyValue(log.body),
                attributes: keyValues(log.attributes),
              },
            ],
          },
        ],
      },
    ],
  });
}

/** The record that {@link logRecordJson} wrote. */
export function logRecordFromJson(json: string): LogRecord | undefined {
  return readLogs(Buffer.from(json), "json").logs[0];
}

/** The row of a log record. */
export function logRowOf(log: LogRecord, project: string, row: number, receivedAt: bigint): LogRow {
  const service = log.resource.attributes.get("service.name");
  return {
    row,
    project,
    hour: hourOf(log.time, receivedAt),
    trace_id: log.traceId ?? "",
    span_id: log.spanId ?? "",
    time: log.time,
    name: log.eventName,
    severity: log.severity,
    service_name: typeof service === "string" ? service : "",
    record: logRecordJson(log),
  };
}

const TEXTS = ["project", "trace_id", "span_id", "name", "severity", "service_name", "record"] as const;

/** How each field of a log row is sent and stored. */
export const LOG_COLUMNS: readonly ColumnSpec<LogRow>[] = [
  { name: "row", type: "u64", expression: "assumeNotNull(row)", value: (row) => row.row },
  { name: "hour", type: "i64", expression: "toDateTime(assumeNotNull(hour), 'UTC')", value: (row) => row.hour },
  {
    name: "time",
    type: "i64",
    expression: "fromUnixTimestamp64Nano(assumeNotNull(time), 'UTC')",
    value: (row) => row.time,
  },
  ...TEXTS.map((name): ColumnSpec<LogRow> => ({
    name,
    type: "text",
    expression: `assumeNotNull(${name})`,
    value: (row) => row[name],
  })),
];

/** Columns and expressions of the insert. */
export const LOG_TARGETS: readonly InsertTarget[] = insertTargets(LOG_COLUMNS);
