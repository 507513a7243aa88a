import type { Attributes, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, scalarText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

/** PostHog's names of its AI events, as the names of spans. */
const EVENTS: ReadonlyMap<string, SpanKind> = new Map([
  ["$ai_generation", "llm"],
  ["$ai_embedding", "embedding"],
  ["$ai_trace", "workflow"],
  ["$ai_span", "span"],
]);
/** `$ai_span_type` of the wrapper of OpenAI's Agents SDK. */
const TYPES: ReadonlyMap<string, SpanKind> = new Map([
  ["agent", "agent"],
  ["tool", "tool"],
  ["function", "tool"],
  ["handoff", "handoff"],
  ["guardrail", "guardrail"],
  ["generation", "llm"],
  ["response", "llm"],
  ["retriever", "retrieval"],
  ["chain", "workflow"],
]);

function kindOf({ name, attributes }: SpanRecord): SpanKind | undefined {
  const type = TYPES.get(textAt(attributes, "$ai_span_type") ?? "");
  const told = EVENTS.get(textAt(attributes, "event") ?? name);
  if (type ?? (told && told !== "span")) return type ?? told;
  return spanKind(attributes) ?? (attributes.has("$ai_output_choices") ? "llm" : told);
}

/** Cached tokens are inside the input unless it is said that they are apart, as of Anthropic's wrapper. */
function usage(attributes: Attributes): readonly UsageLine[] | undefined {
  const apart = attributes.get("$ai_cache_reporting_exclusive");
  const cachedApart = apart === true || apart === "true";
  const line = usageLine(
    {
      input: firstCount(attributes, ["$ai_input_tokens"]),
      output: firstCount(attributes, ["$ai_output_tokens"]),
      cacheRead: firstCount(attributes, ["$ai_cache_read_input_tokens"]),
      cacheWrite: firstCount(attributes, ["$ai_cache_creation_input_tokens"]),
      reasoning: firstCount(attributes, ["$ai_reasoning_tokens"]),
    },
    { cachedApart },
  );
  return line && [line];
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = kindOf(span);
  const isCall = kind === "llm";
  const sides = isCall
    ? (["$ai_input", "$ai_output_choices"] as const)
    : (["$ai_input_state", "$ai_output_state"] as const);
  const [asked, said] = sides.map((key, index) =>
    attributes.has(key) ? key : (["$ai_input", "$ai_output_choices"][index] ?? key),
  );
  const input = isCall
    ? messagesContent(attributes.get(asked ?? ""), "user", requestMessages)
    : anyContent(attributes.get(asked ?? ""));
  const output = isCall
    ? messagesContent(attributes.get(said ?? ""), "assistant", responseMessages)
    : anyContent(attributes.get(said ?? ""));
  const failed = attributes.get("$ai_is_error");
  const isFailed = failed === true || failed === "true";
  return {
    kind,
    ...(isFailed ? { status: "error" as const } : {}),
    errorType: isFailed ? textAt(attributes, "$ai_error_type") : undefined,
    errorMessage: isFailed ? scalarText(attributes.get("$ai_error")) : undefined,
    provider: providerName(textAt(attributes, "$ai_provider")),
    requestModel: textAt(attributes, "$ai_model"),
    responseId: textAt(attributes, "$ai_response_id"),
    serviceTier: textAt(attributes, "$ai_service_tier"),
    finishReason: finishReason(textAt(attributes, "$ai_stop_reason")),
    toolName: kind === "tool" ? (textAt(attributes, "$ai_span_name") ?? span.name) : undefined,
    agentName: kind === "agent" ? (textAt(attributes, "$ai_span_name") ?? span.name) : undefined,
    sessionId: firstText(attributes, ["$ai_session_id", "$session_id"]),
    usage: usage(attributes),
    input,
    output,
    consumed: [
      ...(input && input.type !== "masked" ? [asked ?? ""] : []),
      ...(output && output.type !== "masked" ? [said ?? ""] : []),
    ],
  };
}

const SIGNS = ["$ai_model", "$ai_input_tokens", "$ai_input", "$ai_output_choices", "$ai_span_name", "$ai_span_type"];

function claims({ attributes }: SpanRecord): 0 | 3 {
  return SIGNS.some((key) => attributes.has(key)) ? 3 : 0;
}

/**
 * PostHog's AI events as attributes of spans: the properties that its SDKs capture (`posthog/ai`, version 7 of Python's).
 * Its OpenTelemetry processors write none of these: they pass on the spans of other instrumentations, with tags.
 */
export const posthog: Dialect = { name: "posthog", version: 1, claims, read };
