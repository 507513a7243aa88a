import type { TraceSummary } from "../api-types.ts";
import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";

/** One row of `trace_summaries`. Lists are JSON text. */
export interface TraceRow {
  readonly row: number;
  readonly project: string;
  readonly filed_at: number;
  readonly trace_id: string;
  readonly root_name: string;
  readonly root_kind: string;
  readonly service_name: string;
  readonly start_time: bigint;
  readonly end_time: bigint;
  readonly status: string;
  readonly span_count: number;
  /** Billed spans. */
  readonly calls: number;
  readonly llm_calls: number;
  readonly tool_calls: number;
  readonly error_count: number;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cost_nanos: bigint | null;
  readonly unpriced_calls: number;
  readonly models: string;
  readonly agents: string;
  readonly tags: string;
  readonly session_id: string;
  readonly user_id: string;
  readonly input_preview: string;
  readonly output_preview: string;
}

function text(name: keyof TraceRow): ColumnSpec<TraceRow> {
  return { name, type: "text", expression: `assumeNotNull(${name})`, value: (row) => row[name] };
}

function list(name: keyof TraceRow): ColumnSpec<TraceRow> {
  const expression = `JSONExtract(assumeNotNull(${name}), 'Array(String)')`;
  return { name, type: "text", expression, value: (row) => row[name] };
}

function count(name: keyof TraceRow): ColumnSpec<TraceRow> {
  return { name, type: "i64", expression: `toUInt32(assumeNotNull(${name}))`, value: (row) => row[name] };
}

function amount(name: keyof TraceRow): ColumnSpec<TraceRow> {
  return { name, type: "i64", value: (row) => row[name] };
}

function instant(name: keyof TraceRow): ColumnSpec<TraceRow> {
  const expression = `fromUnixTimestamp64Nano(assumeNotNull(${name}), 'UTC')`;
  return { name, type: "i64", expression, value: (row) => row[name] };
}

/** How each field of a summary is sent and stored. */
export const TRACE_COLUMNS: readonly ColumnSpec<TraceRow>[] = [
  { name: "row", type: "u64", expression: "assumeNotNull(row)", value: (row) => row.row },
  text("project"),
  {
    name: "filed_at",
    type: "i64",
    expression: "toDateTime(assumeNotNull(filed_at), 'UTC')",
    value: (row) => row.filed_at,
  },
  text("trace_id"),
  text("root_name"),
  text("root_kind"),
  text("service_name"),
  instant("start_time"),
  instant("end_time"),
  text("status"),
  count("span_count"),
  count("calls"),
  count("llm_calls"),
  count("tool_calls"),
  count("error_count"),
  amount("input_tokens"),
  amount("output_tokens"),
  amount("cost_nanos"),
  count("unpriced_calls"),
  list("models"),
  list("agents"),
  list("tags"),
  text("session_id"),
  text("user_id"),
  text("input_preview"),
  text("output_preview"),
];

/** Columns and expressions of the insert. */
export const TRACE_TARGETS: readonly InsertTarget[] = insertTargets(TRACE_COLUMNS);

/** The summary as the API tells it. */
export function summaryOf(row: TraceRow): TraceSummary {
  return {
    traceId: row.trace_id,
    project: row.project,
    rootName: row.root_name,
    rootKind: row.root_kind,
    serviceName: row.service_name,
    startTime: Number(row.start_time / 1000n) / 1000,
    durationMs: Number((row.end_time - row.start_time) / 1000n) / 1000,
    status: row.status === "error" ? "error" : row.status === "ok" ? "ok" : "unset",
    spanCount: row.span_count,
    llmCalls: row.llm_calls,
    toolCalls: row.tool_calls,
    errorCount: row.error_count,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costNanos: row.cost_nanos === null ? null : row.cost_nanos.toString(),
    unpricedCalls: row.unpriced_calls,
    models: JSON.parse(row.models) as string[],
    agents: JSON.parse(row.agents) as string[],
    tags: JSON.parse(row.tags) as string[],
    sessionId: row.session_id,
    userId: row.user_id,
    inputPreview: row.input_preview,
    outputPreview: row.output_preview,
  };
}
