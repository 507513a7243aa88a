import type { Attributes, Content, SpanKind, UsageBucket, UsageLine } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import type { JsonObject } from "../dialect/json-of.ts";
import { isObject, parseJson, textIn } from "../dialect/json-of.ts";
import { toolMessage } from "../dialect/langchain-tool.ts";
import { providerName } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const PREFIX = "langfuse.observation.";
/** The wrapper of the OpenAI client names its spans by the method and tells no provider. */
const OPENAI_NAME = /^OpenAI(?=[.-])/;

/** Langfuse's free keys that are known → our bucket. They are disjoint already (conventions §6.1). */
const BUCKETS: ReadonlyMap<string, UsageBucket> = new Map([
  ["input", "input"],
  ["input_cached_tokens", "cache_read"],
  ["input_cache_read", "cache_read"],
  ["input_cache_creation", "cache_write"],
  ["input_cache_creation_5m", "cache_write"],
  ["input_cache_creation_1h", "cache_write_1h"],
  ["input_audio_tokens", "input_audio"],
  ["input_audio", "input_audio"],
  ["input_image", "input_image"],
  ["output", "output"],
  ["output_reasoning_tokens", "reasoning"],
  ["output_reasoning", "reasoning"],
  ["output_audio_tokens", "output_audio"],
  ["output_audio", "output_audio"],
]);

function usage(attributes: Attributes): readonly UsageLine[] | undefined {
  const text = textAt(attributes, `${PREFIX}usage_details`);
  const details = text === undefined ? undefined : parseJson(text);
  if (!isObject(details)) return undefined;
  if ("prompt_tokens" in details || "completion_tokens" in details) return providerUsage(details);
  const buckets: { [bucket in UsageBucket]?: number } = {};
  let told = false;
  for (const [key, value] of Object.entries(details)) {
    const bucket = BUCKETS.get(key);
    if (bucket === undefined || typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) continue;
    buckets[bucket] = (buckets[bucket] ?? 0) + value;
    told = true;
  }
  return told ? [{ buckets, quality: "reported" }] : undefined;
}

function side(attributes: Attributes, which: "input" | "output", kind: SpanKind | undefined): Content | undefined {
  const value = attributes.get(PREFIX + which);
  if (kind === "llm") {
    const read = which === "input" ? requestMessages : responseMessages;
    return messagesContent(value, which === "input" ? "user" : "assistant", read);
  }
  if (which === "output") {
    if (isToolMessage(attributes, kind)) return toolMessage(parseJson(String(value)))?.content;
    if (kind === "retrieval") return documentsContent(value);
  }
  return anyContent(value);
}

/** LangChain's tools answer with a serialised message, which says more than its content. */
function isToolMessage(attributes: Attributes, kind: SpanKind | undefined): boolean {
  const value = kind === "tool" ? attributes.get(`${PREFIX}output`) : undefined;
  return typeof value === "string" && toolMessage(parseJson(value)) !== undefined;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  const level = attributes.get(`${PREFIX}level`);
  const input = side(attributes, "input", kind);
  const output = side(attributes, "output", kind);
  const answer = kind === "llm" ? textAt(attributes, `${PREFIX}output`) : undefined;
  const provider = textAt(attributes, `${PREFIX}metadata.ls_provider`);
  return {
    kind: kind ?? (attributes.has(`${PREFIX}type`) ? "span" : undefined),
    ...(level === "ERROR" ? { status: "error" as const } : {}),
    errorMessage: level === "ERROR" ? textAt(attributes, `${PREFIX}status_message`) : undefined,
    provider: providerName(
      provider ?? textIn(parametersOf(attributes), "provider") ?? OPENAI_NAME.exec(span.name)?.[0],
    ),
    requestModel: textAt(attributes, `${PREFIX}model.name`),
    usage: usage(attributes),
    input,
    output,
    finishReason: answer === undefined ? undefined : textIn(parseJson(answer), "finish_reason"),
    agentName: kind === "agent" ? span.name : textAt(attributes, `${PREFIX}metadata.lc_agent_name`),
    toolName: kind === "tool" ? span.name : undefined,
    consumed: [
      ...(input && input.type !== "masked" ? [`${PREFIX}input`] : []),
      ...(output && output.type !== "masked" && !isToolMessage(attributes, kind) ? [`${PREFIX}output`] : []),
    ],
  };
}

function parametersOf(attributes: Attributes): JsonObject | undefined {
  const text = textAt(attributes, `${PREFIX}model.parameters`);
  const parsed = text === undefined ? undefined : parseJson(text);
  return isObject(parsed) ? parsed : undefined;
}

function claims(span: SpanRecord): 0 | 1 | 3 {
  if (span.scope.name === "langfuse-sdk") return 3;
  const { attributes } = span;
  if (attributes.has(`${PREFIX}input`) || attributes.has(`${PREFIX}usage_details`)) return 3;
  return attributes.has(`${PREFIX}type`) || attributes.has(`${PREFIX}level`) ? 1 : 0;
}

/** Langfuse's SDKs from version 3 of Python and 4 of JavaScript on, over OTLP (conventions §6.1). */
export const langfuse: Dialect = { name: "langfuse", version: 1, claims, read };
