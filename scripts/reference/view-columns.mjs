/**
 * What the columns of the views are: type for a reader, and meaning. `both` is for columns that say the same in each.
 *
 * @type {Record<string, Record<string, [string, string]>>}
 */
export const COLUMNS = {
  both: {
    trace_id: ["text", "32 hex digits"],
    project: ["text", "which project it belongs to; `default` when nobody told"],
    start_time: ["time", "when it began, to the nanosecond, UTC"],
    status: ["text", "`unset`, `ok` or `error`"],
    total_tokens: ["number, NULL", "input and output together"],
    session_id: ["text", "the conversation it belongs to; empty when nobody told"],
    user_id: ["text", "for whom it ran; empty when nobody told"],
  },
  traces: {
    root_name: ["text", "name of the first span"],
    duration_ms: ["number", "from the first start to the last end"],
    span_count: ["number", "spans received so far"],
    llm_calls: ["number", "calls of models, each once; also those that failed, which are not billed"],
    tool_calls: ["number", "calls of tools"],
    error_count: ["number", "spans that failed"],
    input_tokens: ["number, NULL", "sum over billed spans, cached ones included"],
    output_tokens: ["number, NULL", "sum over billed spans, reasoning included"],
    cost_usd: ["decimal, NULL", "sum of what is known of billed spans; exact to nine places"],
    models: ["list of text", "models that were billed"],
  },
  spans: {
    span_id: ["text", "16 hex digits"],
    parent_span_id: ["text", "16 hex digits; empty for a root"],
    service_name: ["text", "`service.name` of the program that sent it"],
    name: ["text", "as sent"],
    kind: [
      "text",
      "`workflow`, `agent`, `llm`, `embedding`, `rerank`, `retrieval`, `tool`, `mcp`, `memory`, `guardrail`, `evaluation`, `prompt`, `handoff` or `span`",
    ],
    operation: ["text", "`gen_ai.operation.name`, such as `chat`"],
    end_time: ["time, NULL", "when it ended; NULL while it runs"],
    duration_ms: ["number, NULL", "from start to end; NULL while it runs"],
    error_type: ["text", "class or code of the error"],
    error_message: ["text", "what the error said"],
    provider: ["text", "as `gen_ai.provider.name` spells it: `openai`, `anthropic`, `azure.ai.openai`"],
    request_model: ["text", "the model that was asked for"],
    response_model: ["text", "the model that answered"],
    input_tokens: ["number, NULL", "cached ones included"],
    output_tokens: ["number, NULL", "reasoning included"],
    cache_read_tokens: ["number, NULL", "input tokens that came from a cache"],
    cache_write_tokens: ["number, NULL", "input tokens that were written to a cache"],
    reasoning_tokens: ["number, NULL", "output tokens that nobody sees"],
    cost_usd: [
      "decimal, NULL",
      "exact to nine places; NULL where no price or no usage is known; a lower bound where only one of input_tokens and output_tokens is told and the other has a price",
    ],
    billed: [
      "0 or 1",
      "whether the span counts in totals: each call of a model counts once, however many layers tell of it",
    ],
    time_to_first_token_ms: ["number, NULL", "from the request to the first token of a stream"],
    finish_reason: ["text", "`stop`, `length`, `tool_calls`, … as the provider said"],
    agent_name: ["text", "the agent that ran, or that the call belongs to"],
    tool_name: ["text", "the tool that was called"],
    tool_call_id: ["text", "which of the model's calls of tools it answers"],
    input: ["text", "what went in: JSON of messages or documents, or the text itself"],
    output: ["text", "what came out, likewise"],
    attributes: ["JSON", "everything else the sender told: ``attributes.`http.route` ``"],
    dialect: ["text", "who read it, and in which version: `openinference/1`"],
    estimated_input_tokens: [
      "number, NULL",
      "counted from the text of a call of which nobody told the tokens, where `serve --estimates` is on; in no other figure",
    ],
    estimated_output_tokens: ["number, NULL", "likewise, of the answer"],
    estimated_cost_usd: ["decimal, NULL", "what these would cost; NULL where there is no price"],
  },
};
