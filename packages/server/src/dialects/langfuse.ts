import type { Attributes, Content, SpanKind, UsageBucket, UsageLine } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { isEmbeddingModel } from "../dialect/embedding-model.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import type { JsonObject } from "../dialect/json-of.ts";
import { countIn, isObject, parseJson, textIn } from "../dialect/json-of.ts";
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
  ["cache_read_input_tokens", "cache_read"],
  ["input_cache_creation", "cache_write"],
  ["cache_creation_input_tokens", "cache_write"],
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

/** Any of these says that the usage was handed on as the provider's API tells it. */
const PROVIDERS_OWN = [
  "prompt_tokens",
  "completion_tokens",
  "input_tokens",
  "output_tokens",
  "promptTokens",
  "completionTokens",
];

type Buckets = { readonly [bucket in UsageBucket]?: number };

const INPUT_PARTS: readonly UsageBucket[] = [
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "input_audio",
  "input_image",
];
const OUTPUT_PARTS: readonly UsageBucket[] = ["reasoning", "output_audio"];

function usage(attributes: Attributes): readonly UsageLine[] | undefined {
  const text = textAt(attributes, `${PREFIX}usage_details`);
  const details = text === undefined ? undefined : parseJson(text);
  if (!isObject(details)) return undefined;
  // The older API also counts characters, seconds and images.
  if ((textIn(details, "unit") ?? "TOKENS") !== "TOKENS") return undefined;
  if (PROVIDERS_OWN.some((key) => key in details)) return providerUsage(details);
  const buckets: { [bucket in UsageBucket]?: number } = {};
  let told = false;
  for (const key of Object.keys(details)) {
    const bucket = BUCKETS.get(key);
    const count = bucket === undefined ? undefined : countIn(details, key);
    if (bucket === undefined || count === undefined) continue;
    buckets[bucket] = (buckets[bucket] ?? 0) + count;
    told = true;
  }
  return told ? [{ buckets: disjoint(buckets, details), quality: "reported" }] : undefined;
}

/**
 * The wrapper of OpenAI's client (version 3) tells the parts and leaves them inside input and output; LangChain's handler
 * and version 5 take them out. The total, which all of them tell, says which it is.
 */
function disjoint(buckets: Buckets, details: JsonObject): Buckets {
  const { input = 0, output = 0, ...parts } = buckets;
  const apart = Object.values(parts).reduce((sum, tokens) => sum + tokens, 0);
  if (apart === 0 || countIn(details, "total") !== input + output) return buckets;
  const inside = (names: readonly UsageBucket[]): number => names.reduce((sum, name) => sum + (buckets[name] ?? 0), 0);
  const rest = { input: input - inside(INPUT_PARTS), output: output - inside(OUTPUT_PARTS) };
  if (rest.input < 0 || rest.output < 0) return buckets;
  return {
    ...parts,
    ...(buckets.input === undefined ? {} : { input: rest.input }),
    ...(buckets.output === undefined ? {} : { output: rest.output }),
  };
}

/** A trace that is told apart from its observations has its own input and output. */
function keyOf(attributes: Attributes, which: "input" | "output"): string {
  const own = PREFIX + which;
  return attributes.has(own) ? own : `langfuse.trace.${which}`;
}

function side(attributes: Attributes, which: "input" | "output", kind: SpanKind | undefined): Content | undefined {
  const value = attributes.get(keyOf(attributes, which));
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

/** The SDK of version 3 calls everything that a model does a generation. */
function kindOf(attributes: Attributes): SpanKind | undefined {
  const kind = spanKind(attributes);
  const model = kind === "llm" ? textAt(attributes, `${PREFIX}model.name`) : undefined;
  return model !== undefined && isEmbeddingModel(model) ? "embedding" : kind;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = kindOf(attributes);
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
      ...(input && input.type !== "masked" ? [keyOf(attributes, "input")] : []),
      ...(output && output.type !== "masked" && !isToolMessage(attributes, kind) ? [keyOf(attributes, "output")] : []),
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

/** Langfuse's SDKs: over OTLP from version 3 of Python and 4 of JavaScript on, and their events before (conventions §6). */
export const langfuse: Dialect = { name: "langfuse", version: 4, claims, read };
