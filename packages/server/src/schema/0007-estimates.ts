import type { Migration } from "./migration.ts";

/** Estimates are only those of spans that told no usage: the provider's own number may have come after one. */
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
    input, output, attributes, dialect,
    if(usage = '', attributes.telltale.estimated.input_tokens.:Int64, NULL) AS estimated_input_tokens,
    if(usage = '', attributes.telltale.estimated.output_tokens.:Int64, NULL) AS estimated_output_tokens,
    if(usage != '' OR (attributes.telltale.estimated.input_cost_nanos.:Int64 IS NULL AND attributes.telltale.estimated.output_cost_nanos.:Int64 IS NULL), NULL,
        toDecimal128(ifNull(attributes.telltale.estimated.input_cost_nanos.:Int64, 0) + ifNull(attributes.telltale.estimated.output_cost_nanos.:Int64, 0), 9) / 1000000000) AS estimated_cost_usd
FROM telltale_data.span_rows
WHERE row NOT IN (SELECT row FROM telltale_data.superseded)`;

/** The view of spans with what was estimated of them, apart from what was told. */
export const estimates: Migration = { number: 7, name: "estimates", tables: [], statements: [SPANS] };
