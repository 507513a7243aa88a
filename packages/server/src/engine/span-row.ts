import type { Billing, Span } from "@telltale/model";
import { bucketTokens, inputTokens, outputTokens } from "@telltale/model";
import { contentText } from "../dialect/content-text.ts";
import { previewOf } from "../translate.ts";
import { attributesJson } from "./attributes-json.ts";
import { costJson } from "./cost-json.ts";
import { hourOf } from "./row-number.ts";

/** One row of `span_rows`, flat. "" and null mean that nobody told. */
export interface SpanRow {
  row: number;
  project: string;
  /** Seconds since 1970. */
  hour: number;
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  service_name: string;
  name: string;
  kind: string;
  operation: string;
  start_time: bigint;
  end_time: bigint | null;
  status: string;
  error_type: string;
  error_message: string;
  provider: string;
  request_model: string;
  response_model: string;
  response_id: string;
  service_tier: string;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  usage: string;
  cost: string;
  cost_nanos: bigint | null;
  billing: Billing;
  time_to_first_token_ns: bigint | null;
  finish_reason: string;
  session_id: string;
  user_id: string;
  tags: string;
  agent_name: string;
  tool_name: string;
  tool_call_id: string;
  prompt_name: string;
  prompt_version: string;
  input_type: string;
  input: string;
  output_type: string;
  output: string;
  input_preview: string;
  output_preview: string;
  attributes: string;
  resource: string;
  scope_name: string;
  scope_version: string;
  events: string;
  links: string;
  dialect: string;
}

/** Resources are shared by the spans of a request: their JSON is written once each. */
const resourceText = new WeakMap<object, string>();

function resourceJson(resource: Span["resource"]): string {
  let text = resourceText.get(resource);
  if (text === undefined) resourceText.set(resource, (text = attributesJson(resource)));
  return text;
}

function eventsJson(span: Span): string {
  if (span.events.length === 0) return "";
  const events = span.events.map(
    (event) =>
      `{"name":${JSON.stringify(event.name)},"time":"${event.time}","attributes":${attributesJson(event.attributes)}}`,
  );
  return `[${events.join(",")}]`;
}

function linksJson(span: Span): string {
  if (span.links.length === 0) return "";
  return JSON.stringify(span.links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })));
}

/** The last instant that the store's signed 64 bits hold, in the year 2262; OTLP's are unsigned. */
const LAST_INSTANT = 2n ** 63n - 1n;

function storable(instant: bigint): bigint {
  return instant > LAST_INSTANT ? LAST_INSTANT : instant;
}

/** The row of a span; `row` and `billing` are the batch's to set. */
export function spanRowOf(span: Span, receivedAt: bigint): SpanRow {
  const { usage, cost, input, output } = span;
  return {
    row: 0,
    project: span.project,
    hour: hourOf(span.startTime, receivedAt),
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? "",
    service_name: span.serviceName,
    name: span.name,
    kind: span.kind,
    operation: span.operation ?? "",
    start_time: storable(span.startTime),
    end_time: span.endTime === undefined ? null : storable(span.endTime),
    status: span.status,
    error_type: span.errorType ?? "",
    error_message: span.errorMessage ?? "",
    provider: span.provider ?? "",
    request_model: span.requestModel ?? "",
    response_model: span.responseModel ?? "",
    response_id: span.responseId ?? "",
    service_tier: span.serviceTier ?? "",
    input_tokens: inputTokens(usage) ?? null,
    output_tokens: outputTokens(usage) ?? null,
    cache_read_tokens:
      bucketTokens(usage, "cache_read", "cache_read_audio", "cache_read_image", "cache_read_video") ?? null,
    cache_write_tokens: bucketTokens(usage, "cache_write", "cache_write_1h") ?? null,
    reasoning_tokens: bucketTokens(usage, "reasoning") ?? null,
    usage: usage.length === 0 ? "" : JSON.stringify(usage),
    cost: cost ? costJson(cost) : "",
    cost_nanos: cost?.nanos ?? null,
    billing: "none",
    time_to_first_token_ns: span.timeToFirstToken ?? null,
    finish_reason: span.finishReason ?? "",
    session_id: span.sessionId ?? "",
    user_id: span.userId ?? "",
    tags: span.tags.length === 0 ? "" : JSON.stringify(span.tags),
    agent_name: span.agentName ?? "",
    tool_name: span.toolName ?? "",
    tool_call_id: span.toolCallId ?? "",
    prompt_name: span.promptName ?? "",
    prompt_version: span.promptVersion ?? "",
    input_type: input?.type ?? "",
    input: input ? contentText(input) : "",
    output_type: output?.type ?? "",
    output: output ? contentText(output) : "",
    input_preview: input ? previewOf(input) : "",
    output_preview: output ? previewOf(output) : "",
    attributes: attributesJson(span.attributes),
    resource: resourceJson(span.resource),
    scope_name: span.scopeName,
    scope_version: span.scopeVersion,
    events: eventsJson(span),
    links: linksJson(span),
    dialect: span.dialect,
  };
}
