import type { Migration } from "./migration.ts";

const SPANS = `
CREATE OR REPLACE VIEW telltale_v1.spans {{on cluster}} AS
SELECT
    trace_id, span_id, parent_span_id, project, service_name, name, kind, operation,
    start_time, end_time,
    if(end_time IS NULL, NULL, greatest(toUnixTimestamp64Nano(assumeNotNull(end_time)) - toUnixTimestamp64Nano(start_time), 0) / 1e6) AS duration_ms,
    status, error_type, error_message,
    provider, request_model, response_model,
    input_tokens, output_tokens,
    if(input_tokens IS NULL AND output_tokens IS NULL, NULL, ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS total_tokens,
    cache_read_tokens, cache_write_tokens, reasoning_tokens,
    toDecimal128(cost_nanos, 9) / 1000000000 AS cost_usd,
    CAST(billing = 'billed', 'Bool') AS billed,
    time_to_first_token_ns / 1e6 AS time_to_first_token_ms,
    finish_reason, session_id, user_id, agent_name, tool_name, tool_call_id,
    input, output, attributes, dialect
FROM telltale_data.span_rows
WHERE row NOT IN (SELECT row FROM telltale_data.superseded)`;

const TRACES = `
CREATE OR REPLACE VIEW telltale_v1.traces {{on cluster}} AS
SELECT
    trace_id, project, root_name, start_time,
    greatest(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time), 0) / 1e6 AS duration_ms,
    status, span_count, llm_calls, tool_calls, error_count,
    input_tokens, output_tokens,
    if(input_tokens IS NULL AND output_tokens IS NULL, NULL, ifNull(input_tokens, 0) + ifNull(output_tokens, 0)) AS total_tokens,
    toDecimal128(cost_nanos, 9) / 1000000000 AS cost_usd,
    models, session_id, user_id
FROM telltale_data.trace_rows FINAL`;

/** The stable views for people, version 1. Columns are only ever added here; anything else is a new version. */
export const views: Migration = { number: 2, name: "views", tables: [], statements: [SPANS, TRACES] };
