import type { Attributes, Content, Json, MessagePart, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, textAt, textsOf } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent, ofMessages, plainContent } from "../dialect/content.ts";
import { documentsOf } from "../dialect/documents.ts";
import { requestMessages } from "../dialect/exchange.ts";
import { countIn, isArray, memberOf, objectIn, parseJson } from "../dialect/json-of.ts";
import { toolCallOf } from "../dialect/message-part.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const PROMPTS = ["ai.prompt.messages", "ai.prompt"];
const TEXTS = ["ai.response.text", "ai.result.text"];
const CALLS = ["ai.response.toolCalls", "ai.result.toolCalls"];
const OBJECTS = ["ai.response.object", "ai.result.object"];
const FINISH_REASONS = ["ai.response.finishReason", "ai.finishReason"];
const INPUT_DETAILS = "ai.usage.inputTokenDetails.";
const OUTPUT_DETAILS = "ai.usage.outputTokenDetails.";

/** The parts of the answer that the SDK tells apart, as one assistant message. */
function answer(attributes: Attributes, consumed: string[]): Content | undefined {
  const parts: MessagePart[] = [];
  const use = (keys: readonly string[], add: (text: string) => readonly MessagePart[]): void => {
    for (const key of keys) {
      const text = textAt(attributes, key);
      const added = text === undefined ? [] : add(text);
      if (added.length === 0) continue;
      parts.push(...added);
      consumed.push(key);
      return;
    }
  };
  use(["ai.response.reasoning"], (text) => [{ type: "reasoning", content: text }]);
  use(TEXTS, (text) => [{ type: "text", content: text }]);
  use(OBJECTS, (text) => [{ type: "text", content: text }]);
  use(CALLS, (text) => {
    const calls = parseJson(text);
    return isArray(calls) ? calls.map(toolCallOf) : [];
  });
  const reason = firstText(attributes, FINISH_REASONS);
  if (parts.length === 0) return undefined;
  return ofMessages([{ role: "assistant", parts, ...(reason === undefined ? {} : { finish_reason: reason }) }]);
}

/** Values to embed come as JSON each: `"\"refund policy\""`. */
function embedded(attributes: Attributes, consumed: string[]): Content | undefined {
  const key = attributes.has("ai.values") ? "ai.values" : "ai.value";
  const value = attributes.get(key);
  const texts = (typeof value === "string" ? [value] : textsOf(value)).map((text) => parseJson(text) ?? text);
  const [first] = texts;
  if (first === undefined) return undefined;
  consumed.push(key);
  if (texts.length > 1) return { type: "json", value: texts };
  return typeof first === "string" ? plainContent(first) : { type: "json", value: first };
}

function reranked(attributes: Attributes, consumed: string[]): Pick<SpanFields, "input" | "output"> {
  const documents = textsOf(attributes.get("ai.documents")).map((text) => parseJson(text) ?? text);
  if (documents.length > 0) consumed.push("ai.documents");
  const ranking = textsOf(attributes.get("ai.ranking")).map((text) => parseJson(text) ?? text);
  if (ranking.length > 0) consumed.push("ai.ranking");
  const ranked = documentsOf(ranking);
  const output: Content = ranked ? { type: "documents", documents: ranked } : { type: "json", value: ranking };
  return {
    ...(documents.length > 0 ? { input: { type: "json", value: documents } } : {}),
    ...(ranking.length > 0 ? { output } : {}),
  };
}

function take(attributes: Attributes, key: string, consumed: string[]): Content | undefined {
  const content = anyContent(attributes.get(key));
  if (content && content.type !== "masked") consumed.push(key);
  return content;
}

function sides(
  attributes: Attributes,
  kind: SpanKind | undefined,
  consumed: string[],
): Pick<SpanFields, "input" | "output"> {
  if (kind === "tool")
    return {
      input: take(attributes, "ai.toolCall.args", consumed) ?? take(attributes, "ai.toolCall.input", consumed),
      output: take(attributes, "ai.toolCall.result", consumed) ?? take(attributes, "ai.toolCall.output", consumed),
    };
  if (kind === "embedding") return { input: embedded(attributes, consumed) };
  if (kind === "rerank") return reranked(attributes, consumed);
  let input: Content | undefined;
  for (const key of PROMPTS) {
    input = messagesContent(attributes.get(key), "user", requestMessages);
    if (!input) continue;
    if (input.type !== "masked") consumed.push(key);
    break;
  }
  return { input, output: answer(attributes, consumed) };
}

/** The provider's own usage, which versions before 6 leave in the metadata. */
interface ProviderUsage {
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly cacheWriteHour?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly lines?: readonly UsageLine[];
}

function metadataUsage(metadata: Json | undefined, model: string | undefined): ProviderUsage {
  const openai = objectIn(metadata, "openai") ?? objectIn(metadata, "azure");
  if (openai)
    return { cacheRead: countIn(openai, "cachedPromptTokens"), reasoning: countIn(openai, "reasoningTokens") };
  const anthropic = objectIn(metadata, "anthropic");
  const raw = objectIn(anthropic, "usage");
  if (anthropic) {
    const iterations = memberOf(raw, "iterations") ?? memberOf(anthropic, "iterations");
    return {
      cacheRead: countIn(raw, "cache_read_input_tokens") ?? countIn(anthropic, "cacheReadInputTokens"),
      cacheWrite: countIn(raw, "cache_creation_input_tokens") ?? countIn(anthropic, "cacheCreationInputTokens"),
      cacheWriteHour: countIn(objectIn(raw, "cache_creation"), "ephemeral_1h_input_tokens"),
      ...(isArray(iterations) ? { lines: providerUsage({ iterations }, model) } : {}),
    };
  }
  const bedrock = objectIn(objectIn(metadata, "bedrock"), "usage");
  if (bedrock)
    return {
      cacheRead: countIn(bedrock, "cacheReadInputTokens"),
      cacheWrite: countIn(bedrock, "cacheWriteInputTokens"),
    };
  const google = objectIn(objectIn(metadata, "google") ?? objectIn(metadata, "vertex"), "usageMetadata");
  return { cacheRead: countIn(google, "cachedContentTokenCount"), reasoning: countIn(google, "thoughtsTokenCount") };
}

/**
 * Usage by generation (conventions §4.1): version 6 tells the parts, 5 totals, 3 and 4 the old
 * names. Up to 5 the Anthropic provider copies the raw numbers, in which cached tokens are apart.
 */
function usage(attributes: Attributes, provider: string | undefined): readonly UsageLine[] | undefined {
  const told = textAt(attributes, "ai.response.providerMetadata");
  const raw = metadataUsage(told === undefined ? undefined : parseJson(told), textAt(attributes, "ai.response.model"));
  if (raw.lines && raw.lines.length > 0) return raw.lines;
  const input = firstCount(attributes, [
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "ai.usage.tokens",
    "gen_ai.usage.input_tokens",
  ]);
  const output = firstCount(attributes, [
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
    "gen_ai.usage.output_tokens",
  ]);
  if (input === undefined && output === undefined) return undefined;
  const hasDetails =
    attributes.has(`${INPUT_DETAILS}noCacheTokens`) || attributes.has(`${INPUT_DETAILS}cacheReadTokens`);
  const line = usageLine(
    {
      input,
      output,
      cacheRead:
        firstCount(attributes, [
          `${INPUT_DETAILS}cacheReadTokens`,
          "ai.usage.cachedInputTokens",
          "gen_ai.usage.cache_read.input_tokens",
        ]) ?? raw.cacheRead,
      cacheWrite:
        firstCount(attributes, [`${INPUT_DETAILS}cacheWriteTokens`, "gen_ai.usage.cache_creation.input_tokens"]) ??
        raw.cacheWrite,
      cacheWriteHour: raw.cacheWriteHour,
      reasoning:
        firstCount(attributes, [`${OUTPUT_DETAILS}reasoningTokens`, "ai.usage.reasoningTokens"]) ?? raw.reasoning,
    },
    { cachedApart: provider === "anthropic" && !hasDetails },
  );
  return line && [line];
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const consumed: string[] = [];
  const kind = spanKind(attributes);
  const provider = providerName(textAt(attributes, "ai.model.provider"));
  const isOwn = attributes.has("ai.operationId");
  return {
    kind,
    operation: textAt(attributes, "ai.operationId"),
    provider,
    requestModel: textAt(attributes, "ai.model.id"),
    responseModel: textAt(attributes, "ai.response.model"),
    responseId: textAt(attributes, "ai.response.id"),
    usage: usage(attributes, isOwn ? provider : undefined),
    finishReason: finishReason(firstText(attributes, FINISH_REASONS)),
    agentName: kind === "agent" ? textAt(attributes, "ai.telemetry.functionId") : undefined,
    toolName: textAt(attributes, "ai.toolCall.name"),
    toolCallId: textAt(attributes, "ai.toolCall.id"),
    ...sides(attributes, kind, consumed),
    consumed,
  };
}

/** Version 7 speaks GenAI and adds some `ai.*` keys on request: there this fills what is open. */
function claims(span: SpanRecord): 0 | 1 | 3 {
  const { attributes } = span;
  if (attributes.has("ai.operationId")) return 3;
  if (span.scope.name !== "gen_ai" && span.scope.name !== "ai") return 0;
  return attributes.has("ai.response.providerMetadata") ||
    attributes.has("ai.usage.inputTokens") ||
    attributes.has("ai.values")
    ? 1
    : 0;
}

/** The AI SDK of Vercel, versions 3 to 6 and 7 through its legacy exporter (conventions §4). */
export const vercelAi: Dialect = { name: "vercel-ai", version: 1, claims, read };
