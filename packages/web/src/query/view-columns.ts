/** A documented column of a view for people. */
export interface ViewColumn {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** A documented view. */
export interface DocumentedView {
  readonly name: string;
  readonly help: string;
  readonly columns: readonly ViewColumn[];
}

function column(name: string, type: string, help: string): ViewColumn {
  return { name, type, help };
}

/** The stable views, version 1: what `POST /api/v1/query` can ask. */
export const VIEWS: readonly DocumentedView[] = [
  {
    name: "traces",
    help: "One row per trace. Sums are of billed spans only.",
    columns: [
      column("trace_id", "text", "32 hex digits"),
      column("project", "text", "Project"),
      column("root_name", "text", "Name of the first span"),
      column("start_time", "time", "Start, UTC"),
      column("duration_ms", "number", "From first start to last end"),
      column("status", "text", "unset, ok or error"),
      column("span_count", "integer", "Spans"),
      column("llm_calls", "integer", "Model calls"),
      column("tool_calls", "integer", "Tool calls"),
      column("error_count", "integer", "Failed spans"),
      column("input_tokens", "integer", "Cached ones included; NULL when nobody told"),
      column("output_tokens", "integer", "Reasoning included; NULL when nobody told"),
      column("total_tokens", "integer", "Input and output"),
      column("cost_usd", "decimal", "US dollars, exact; NULL when unknown"),
      column("models", "list", "Models used"),
      column("session_id", "text", "Session"),
      column("user_id", "text", "User"),
    ],
  },
  {
    name: "spans",
    help: "One row per span.",
    columns: [
      column("trace_id", "text", "32 hex digits"),
      column("span_id", "text", "16 hex digits"),
      column("parent_span_id", "text", "Empty at the top"),
      column("project", "text", "Project"),
      column("service_name", "text", "Service that sent it"),
      column("name", "text", "Name"),
      column("kind", "text", "llm, agent, tool, retrieval, …"),
      column("operation", "text", "GenAI operation name"),
      column("start_time", "time", "Start, UTC"),
      column("end_time", "time", "NULL while it runs"),
      column("duration_ms", "number", "NULL while it runs"),
      column("status", "text", "unset, ok or error"),
      column("error_type", "text", "Type of the error"),
      column("error_message", "text", "Text of the error"),
      column("provider", "text", "openai, anthropic, …"),
      column("request_model", "text", "Model asked for"),
      column("response_model", "text", "Model that answered"),
      column("input_tokens", "integer", "Cached ones included; NULL when nobody told"),
      column("output_tokens", "integer", "Reasoning included; NULL when nobody told"),
      column("total_tokens", "integer", "Input and output"),
      column("cache_read_tokens", "integer", "Read from the provider's cache"),
      column("cache_write_tokens", "integer", "Written to the provider's cache"),
      column("reasoning_tokens", "integer", "Reasoning"),
      column("cost_usd", "decimal", "US dollars, exact; NULL when unknown"),
      column("billed", "boolean", "Whether it counts in totals"),
      column("time_to_first_token_ms", "number", "Of a streamed answer"),
      column("finish_reason", "text", "Why the model stopped"),
      column("session_id", "text", "Session"),
      column("user_id", "text", "User"),
      column("agent_name", "text", "Agent"),
      column("tool_name", "text", "Tool"),
      column("tool_call_id", "text", "The model's id of the tool call"),
      column("input", "text", "What went in, as JSON or text"),
      column("output", "text", "What came out, as JSON or text"),
      column("attributes", "JSON", "As sent, e.g. attributes.`http.route`"),
      column("dialect", "text", "How it was read"),
      column("estimated_input_tokens", "integer", "Counted from the text where nobody told, by opt-in; in no total"),
      column("estimated_output_tokens", "integer", "Likewise"),
      column("estimated_cost_usd", "decimal", "What these would cost; in no total"),
    ],
  },
];

/** Questions to begin with. */
export const EXAMPLES: readonly { readonly label: string; readonly sql: string }[] = [
  {
    label: "Cost by model, last 7 days",
    sql: `SELECT response_model, count() AS calls, sum(total_tokens) AS tokens, sum(cost_usd) AS cost_usd
FROM spans
WHERE billed AND start_time > now() - INTERVAL 7 DAY
GROUP BY response_model
ORDER BY cost_usd DESC NULLS LAST`,
  },
  {
    label: "Slowest traces",
    sql: `SELECT trace_id, root_name, duration_ms, span_count, cost_usd
FROM traces
ORDER BY duration_ms DESC
LIMIT 50`,
  },
  {
    label: "Errors by type",
    sql: `SELECT error_type, name, count() AS times, max(start_time) AS last_seen
FROM spans
WHERE status = 'error'
GROUP BY error_type, name
ORDER BY times DESC`,
  },
  {
    label: "Tools that are called most per trace",
    sql: `SELECT trace_id, tool_name, count() AS calls
FROM spans
WHERE kind = 'tool'
GROUP BY trace_id, tool_name
ORDER BY calls DESC
LIMIT 50`,
  },
];
