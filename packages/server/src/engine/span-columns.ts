import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import type { SpanRow } from "./span-row.ts";

const INSTANT = (name: string): string => `fromUnixTimestamp64Nano(assumeNotNull(${name}), 'UTC')`;

const EXPRESSIONS: { readonly [column in keyof SpanRow]?: string } = {
  hour: "toDateTime(assumeNotNull(hour), 'UTC')",
  start_time: INSTANT("start_time"),
  end_time: "if(end_time IS NULL, NULL, fromUnixTimestamp64Nano(ifNull(end_time, 0), 'UTC'))",
  tags: "JSONExtract(assumeNotNull(tags), 'Array(String)')",
  attributes: "assumeNotNull(attributes)",
};

/** The fields whose numbers need all 64 bits. */
export const BIGINT_FIELDS = ["start_time", "end_time", "cost_nanos", "time_to_first_token_ns"] as const;

/** Counts of tokens that a row tells beside its usage. */
export const TOKEN_COLUMNS = [
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
] as const;

const TYPES: { readonly [column in keyof SpanRow]?: "u64" | "i64" } = {
  row: "u64",
  hour: "i64",
  start_time: "i64",
  end_time: "i64",
  ...Object.fromEntries(TOKEN_COLUMNS.map((name) => [name, "i64"])),
  cost_nanos: "i64",
  time_to_first_token_ns: "i64",
};

/** Every column of `span_rows`, in the order of the table. */
export const SPAN_COLUMN_NAMES: readonly (keyof SpanRow)[] = [
  "row",
  "project",
  "hour",
  "trace_id",
  "span_id",
  "parent_span_id",
  "service_name",
  "name",
  "kind",
  "operation",
  "start_time",
  "end_time",
  "status",
  "error_type",
  "error_message",
  "provider",
  "request_model",
  "response_model",
  "response_id",
  "service_tier",
  ...TOKEN_COLUMNS,
  "usage",
  "cost",
  "cost_nanos",
  "billing",
  "time_to_first_token_ns",
  "finish_reason",
  "session_id",
  "user_id",
  "tags",
  "agent_name",
  "tool_name",
  "tool_call_id",
  "prompt_name",
  "prompt_version",
  "input_type",
  "input",
  "output_type",
  "output",
  "input_preview",
  "output_preview",
  "attributes",
  "resource",
  "scope_name",
  "scope_version",
  "events",
  "links",
  "dialect",
];

/** How each field of a span's row is sent and stored. */
export const SPAN_COLUMNS: readonly ColumnSpec<SpanRow>[] = SPAN_COLUMN_NAMES.map((name) => {
  const type = TYPES[name] ?? "text";
  const nullable = name.endsWith("_tokens") || name === "cost_nanos" || name.endsWith("_ns");
  const plain = nullable ? name : `assumeNotNull(${name})`;
  return { name, type, expression: EXPRESSIONS[name] ?? plain, value: (row: SpanRow) => row[name] };
});

/** Columns and expressions of the insert. */
export const SPAN_TARGETS: readonly InsertTarget[] = insertTargets(SPAN_COLUMNS);

/** SELECT list that gives a stored row back with the types of {@link SpanRow} (numbers as text). */
export const SPAN_ROW_SELECT: string = SPAN_COLUMN_NAMES.map((name) => {
  if (name === "hour") return "toUnixTimestamp(hour) AS hour";
  if (name === "start_time") return "toUnixTimestamp64Nano(start_time) AS start_time";
  if (name === "end_time")
    return "if(end_time IS NULL, NULL, toUnixTimestamp64Nano(assumeNotNull(end_time))) AS end_time";
  if (name === "tags") return "if(empty(tags), '', toJSONString(tags)) AS tags";
  if (name === "attributes") return "toJSONString(attributes) AS attributes";
  return name;
}).join(", ");
