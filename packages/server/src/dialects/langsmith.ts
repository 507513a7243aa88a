import type { Attributes, Content, Json, SpanKind } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { memberOf, objectIn, parseJson, textIn } from "../dialect/json-of.ts";
import { toolMessage } from "../dialect/langchain-tool.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { type ResponseFacts, responseFacts } from "../dialect/response-facts.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

/**
 * LangSmith's SDK: runs of its own API, and of its OpenTelemetry mode (`LANGSMITH_OTEL_ENABLED`), which say the same in
 * the same attributes: whole inputs and outputs as JSON (conventions §5).
 */
export const langsmith: Dialect = { name: "langsmith", version: 3, claims, read };

function claims(span: SpanRecord): 0 | 3 {
  const { attributes } = span;
  const isMine = ["langsmith.span.kind", "langsmith.span.id", "langsmith.traceable"].some((key) => attributes.has(key));
  return isMine ? 3 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  const isCall = kind === "llm";
  const request = isCall ? jsonAt(attributes, "gen_ai.prompt") : undefined;
  const facts = isCall ? responseFacts(jsonAt(attributes, "gen_ai.completion")) : undefined;
  const tool = kind === "tool" ? toolMessage(jsonAt(attributes, "gen_ai.completion")) : undefined;
  const input = inputOf(attributes, kind);
  const output = tool ? tool.content : outputOf(attributes, kind);
  // A failed run is exported with status OK beside its exception.
  const hasFailed = span.events.some((event) => event.name === "exception");
  return {
    kind,
    ...(hasFailed ? { status: "error" as const } : {}),
    provider: providerName(textAt(attributes, "langsmith.metadata.ls_provider")),
    requestModel: requestModel(attributes, request),
    responseModel: textAt(attributes, "gen_ai.response.model") ?? facts?.model,
    responseId: textAt(attributes, "gen_ai.response.id") ?? answerId(facts),
    serviceTier: textAt(attributes, "gen_ai.response.service_tier") ?? facts?.serviceTier,
    ...usageOf(attributes, facts),
    input,
    output,
    finishReason: finishReason(textAt(attributes, "gen_ai.response.finish_reasons") ?? facts?.finishReason),
    agentName: kind === "agent" ? (textAt(attributes, "langsmith.metadata.lc_agent_name") ?? span.name) : undefined,
    toolName: kind === "tool" ? (tool?.name ?? textAt(attributes, "gen_ai.tool.name") ?? span.name) : undefined,
    toolCallId: tool?.callId,
    consumed: [
      ...consumedBy(input, "gen_ai.prompt", kind),
      ...(tool ? [] : consumedBy(output, "gen_ai.completion", kind)),
    ],
  };
}

function jsonAt(attributes: Attributes, key: string): Json | undefined {
  const text = textAt(attributes, key);
  return text === undefined ? undefined : parseJson(text);
}

function inputOf(attributes: Attributes, kind: SpanKind | undefined): Content | undefined {
  const prompt = attributes.get("gen_ai.prompt");
  return kind === "llm" ? messagesContent(prompt, "user", requestMessages) : anyContent(prompt);
}

function outputOf(attributes: Attributes, kind: SpanKind | undefined): Content | undefined {
  const completion = attributes.get("gen_ai.completion");
  if (kind === "llm" || (kind === undefined && isAnswer(parseJson(String(completion ?? "")))))
    return messagesContent(completion, "assistant", responseMessages);
  return kind === "retrieval" ? documentsContent(completion) : anyContent(completion);
}

/** Whether outputs can only be a model's: a patch by hand need not say what it patches. */
function isAnswer(outputs: Json | undefined): boolean {
  return Array.isArray(memberOf(outputs, "choices")) || Array.isArray(memberOf(outputs, "generations"));
}

/** LangChain gives its runs' own ids to answers that have none. */
function answerId(facts: ResponseFacts | undefined): string | undefined {
  return facts?.id?.startsWith("run-") ? undefined : facts?.id;
}

function requestModel(attributes: Attributes, request: Json | undefined): string | undefined {
  const parameters = jsonAt(attributes, "langsmith.extra.invocation_params");
  return (
    textAt(attributes, "langsmith.metadata.ls_model_name") ??
    textIn(parameters, "model") ??
    textIn(parameters, "model_name") ??
    textIn(request, "model")
  );
}

/** What the run says of its tokens, and else what the model's answer in it says. */
function usageOf(attributes: Attributes, facts: ResponseFacts | undefined): Pick<SpanFields, "usage"> {
  const told = providerUsage(jsonAt(attributes, "langsmith.usage_metadata"));
  if (told.length > 0) return { usage: told };
  if (!facts) return {};
  if (facts.usage.length > 0) return { usage: facts.usage };
  const outputs = jsonAt(attributes, "gen_ai.completion");
  const counts =
    objectIn(outputs, "usage_metadata") ??
    objectIn(objectIn(outputs, "llm_output"), "token_usage") ??
    objectIn(objectIn(outputs, "llmOutput"), "tokenUsage");
  const lines = providerUsage(counts);
  return lines.length > 0 ? { usage: lines } : {};
}

/** A model call's raw request and answer say more than their messages, so they stay; so does what is not yet known. */
function consumedBy(content: Content | undefined, key: string, kind: SpanKind | undefined): readonly string[] {
  return content && content.type !== "masked" && kind !== "llm" && kind !== undefined ? [key] : [];
}
