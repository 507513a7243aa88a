import type { Billing } from "@telltale/model";
import { jsonLines } from "../json-lines.ts";
import type { Store } from "../store.ts";
import { INTERVAL_COLUMNS, type IntervalLine, intervalOf } from "../store/span-interval.ts";
import { keptCostIn } from "./kept-cost.ts";
import { logRecordFromJson } from "./log-row.ts";
import type { SpanFacts } from "./span-facts.ts";
import type { TraceKey } from "./trace-cache.ts";
import { newTraceState, type TraceState } from "./trace-state.ts";

/** Log records kept for joining, per trace; a trace with more keeps its newest. */
const LOGS_PER_TRACE = 5000;

const FACTS = `SELECT project, trace_id, span_id, parent_span_id, toString(row) AS row_number, kind, name, service_name, scope_name, status,
  ${INTERVAL_COLUMNS},
  response_id, provider, if(response_model = '', request_model, response_model) AS model, agent_name, user_id,
  toUnixTimestamp(hour) AS filed, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toString(cost_nanos) AS cost_nanos, cost, if(usage LIKE '%"quality":"estimated"%', usage, '') AS estimated_usage,
  output_type != '' OR time_to_first_token_ns IS NOT NULL AS answered, billing
FROM telltale_data.span_rows
WHERE trace_id IN {ids:Array(String)} AND row < {first:UInt64}
  AND row NOT IN (SELECT row FROM telltale_data.superseded WHERE batch < {batch:UInt64})
ORDER BY span_rows.row`;

/**
 * A batch that a crash cut may have stored its own summaries, and a merge may have dropped the ones before: then its own
 * are all that is left of the session, the tags and where the trace is filed.
 */
const SUMMARIES = `SELECT project, trace_id, toUnixTimestamp(filed_at) AS filed, session_id, user_id, tags, input_preview, output_preview
FROM telltale_data.trace_summaries
WHERE trace_id IN {ids:Array(String)} AND row <= {first:UInt64}
ORDER BY row < {first:UInt64} DESC, row DESC LIMIT 1 BY project, trace_id`;

const LOGS = `SELECT project, trace_id, span_id, toUnixTimestamp(hour) AS filed, record
FROM telltale_data.log_rows
WHERE trace_id IN {ids:Array(String)} AND row < {first:UInt64} AND span_id != ''
ORDER BY time LIMIT ${LOGS_PER_TRACE} BY project, trace_id`;

interface FactsLine extends IntervalLine {
  project: string;
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  row_number: string;
  kind: string;
  name: string;
  service_name: string;
  scope_name: string;
  status: string;
  response_id: string;
  provider: string;
  model: string;
  agent_name: string;
  user_id: string;
  /** Its hour; also of a trace whose summary the store refused. */
  filed: number;
  input_tokens: string | number | null;
  output_tokens: string | number | null;
  cache_read_tokens: string | number | null;
  cache_write_tokens: string | number | null;
  reasoning_tokens: string | number | null;
  cost_nanos: string | null;
  cost: string;
  /** Empty where the sender counted nothing itself. */
  estimated_usage: string;
  answered: number | boolean;
  billing: Billing;
}

interface SummaryLine {
  project: string;
  trace_id: string;
  filed: number;
  session_id: string;
  user_id: string;
  tags: string[];
  input_preview: string;
  output_preview: string;
}

interface LogLine {
  project: string;
  trace_id: string;
  span_id: string;
  filed: number;
  record: string;
}

function count(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}

function factsFrom(line: FactsLine): SpanFacts {
  return {
    spanId: line.span_id,
    parentSpanId: line.parent_span_id,
    row: Number(line.row_number),
    fingerprint: 0,
    kind: line.kind,
    name: line.name,
    serviceName: line.service_name,
    scopeName: line.scope_name,
    status: line.status,
    ...intervalOf(line),
    responseId: line.response_id,
    provider: line.provider,
    model: line.model,
    agentName: line.agent_name,
    userId: line.user_id,
    hour: line.filed,
    inputTokens: count(line.input_tokens),
    outputTokens: count(line.output_tokens),
    cacheReadTokens: count(line.cache_read_tokens),
    cacheWriteTokens: count(line.cache_write_tokens),
    reasoningTokens: count(line.reasoning_tokens),
    costNanos: line.cost_nanos === null ? null : BigInt(line.cost_nanos),
    cost: keptCostIn(line.cost, line.estimated_usage),
    answered: Boolean(line.answered),
    billing: line.billing,
  };
}

/** What the store holds of these traces from before `batch` (rows below `first`). */
export async function recallTraces(
  store: Store,
  keys: readonly TraceKey[],
  batch: number,
  first: number,
): Promise<TraceState[]> {
  const parameters = { ids: [...new Set(keys.map((key) => key.traceId))], first, batch };
  const read = async <Line>(sql: string): Promise<Line[]> => {
    return jsonLines<Line>(await store.read(sql, parameters, { format: "JSONEachRow", maxSeconds: 60 }));
  };
  const [summaries, facts, logs] = await Promise.all([
    read<SummaryLine>(SUMMARIES),
    read<FactsLine>(FACTS),
    read<LogLine>(LOGS),
  ]);
  const traces = new Map<string, TraceState>();
  const traceOf = (line: { project: string; trace_id: string; filed: number }): TraceState => {
    const key = `${line.project}/${line.trace_id}`;
    let trace = traces.get(key);
    if (!trace) traces.set(key, (trace = newTraceState(line.project, line.trace_id, line.filed)));
    return trace;
  };
  for (const line of summaries) restoreSummary(traceOf(line), line);
  for (const line of facts) traceOf(line).spans.set(line.span_id, factsFrom(line));
  for (const line of logs) {
    const record = logRecordFromJson(line.record);
    const held = traceOf(line).logs;
    if (record) held.set(line.span_id, [...(held.get(line.span_id) ?? []), record]);
  }
  return [...traces.values()];
}

function restoreSummary(trace: TraceState, line: SummaryLine): void {
  trace.sessionId = line.session_id;
  trace.userId = line.user_id;
  for (const tag of line.tags) trace.tags.add(tag);
  if (line.input_preview) trace.input = { text: line.input_preview, rank: 2, time: 0n };
  if (line.output_preview) trace.output = { text: line.output_preview, rank: 2, time: 0n };
}
