import type { Attributes, Content, SpanKind } from "@telltale/model";
import { genAiUsage, MODELS_USAGE, serviceTier, usageOfModels } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, textAt, textsOf } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent, ofMessages, systemParts, withSystem } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import {
  eventMessages,
  genAiEvents,
  toolEvents,
  withEventAttributes,
  type GenAiEvent,
} from "../dialect/gen-ai-events.ts";
import { messagesOf } from "../dialect/messages.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";

const ERROR_MESSAGES = ["error.message", "gen_ai.error.message"];
const TOOL_INPUTS = ["gen_ai.tool.call.arguments", "gen_ai.tool.input", "gen_ai.tool.args", "tool_arguments"];
const TOOL_OUTPUTS = ["gen_ai.tool.call.result", "gen_ai.tool.output", "tool_response"];
/** Keys that nobody writes but for a GenAI call, a tool, a retrieval or MCP. */
const SIGNS = [
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "gen_ai.system",
  "gen_ai.request.model",
  "gen_ai.tool.name",
  "gen_ai.agent.name",
  "gen_ai.input.messages",
  "gen_ai.usage.input_tokens",
  "mcp.method.name",
];

/** What was read of the two sides, and which attributes that used up. */
interface Sides {
  input?: Content | undefined;
  output?: Content | undefined;
  finishReason?: string | undefined;
  readonly consumed: string[];
}

/** Takes the first of the keys that holds something. */
function take(
  attributes: Attributes,
  keys: readonly string[],
  consumed: string[],
  read: (value: ReturnType<Attributes["get"]>) => Content | undefined = anyContent,
): Content | undefined {
  for (const key of keys) {
    const content = read(attributes.get(key));
    if (!content) continue;
    if (content.type !== "masked") consumed.push(key);
    return content;
  }
  return undefined;
}

function readMessages(attributes: Attributes, sides: Sides): void {
  const { consumed } = sides;
  sides.input =
    take(attributes, ["gen_ai.input.messages"], consumed, (value) => messagesContent(value, "user")) ??
    takeWhole(attributes, "gen_ai.prompt", consumed, (value) => messagesContent(value, "user", requestMessages));
  sides.output =
    take(attributes, ["gen_ai.output.messages"], consumed, (value) => messagesContent(value, "assistant")) ??
    takeWhole(attributes, "gen_ai.completion", consumed, (value) =>
      messagesContent(value, "assistant", responseMessages),
    );
}

/** Reads a key that may hold a whole request or answer: that says more than its messages, so it stays. */
function takeWhole(
  attributes: Attributes,
  key: string,
  consumed: string[],
  read: (value: ReturnType<Attributes["get"]>) => Content | undefined,
): Content | undefined {
  const value = attributes.get(key);
  const isWhole = typeof value === "string" && value.trimStart().startsWith("{");
  const content = take(attributes, [key], isWhole ? [] : consumed, read);
  if (isWhole && content?.type === "json") consumed.push(key);
  return content;
}

function readEvents(events: readonly GenAiEvent[], sides: Sides): void {
  if (events.length === 0) return;
  const told = eventMessages(events);
  sides.input ??= ofMessages(told.input);
  sides.output ??= ofMessages(told.output);
  sides.finishReason = told.finishReason;
}

function readSystem(attributes: Attributes, sides: Sides): void {
  const parts = systemParts(attributes.get("gen_ai.system_instructions"));
  if (parts.length === 0) return;
  const input = withSystem(sides.input, parts);
  if (input !== sides.input || input?.type === "messages") sides.consumed.push("gen_ai.system_instructions");
  sides.input = input;
}

/** What goes into an embedding: a text, or a list of texts, also where they come as messages. */
function readEmbedded(attributes: Attributes, sides: Sides): void {
  const keys = ["gen_ai.input.messages", "gen_ai.prompt", "gen_ai.request.input"];
  const content = take(attributes, keys, sides.consumed);
  const messages = content?.type === "json" ? messagesOf(content.value) : undefined;
  const texts = messages?.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.content] : [])));
  const [only] = texts ?? [];
  if (texts === undefined || only === undefined) sides.input = content;
  else sides.input = texts.length === 1 ? { type: "text", text: only } : { type: "json", value: texts };
}

function readSides(attributes: Attributes, events: readonly GenAiEvent[], kind?: SpanKind): Sides {
  const sides: Sides = { consumed: [] };
  const { consumed } = sides;
  if (kind === "embedding") {
    readEmbedded(attributes, sides);
  } else if (kind === "tool" || kind === "mcp") {
    const told = toolEvents(events);
    sides.input = take(attributes, TOOL_INPUTS, consumed) ?? told.input;
    sides.output = take(attributes, TOOL_OUTPUTS, consumed) ?? told.output;
  } else if (kind === "retrieval" || kind === "memory" || kind === "rerank") {
    sides.input = take(attributes, ["gen_ai.retrieval.query.text", "gen_ai.memory.query.text"], consumed);
    sides.output = take(
      attributes,
      ["gen_ai.retrieval.documents", "gen_ai.memory.records"],
      consumed,
      documentsContent,
    );
  }
  if (kind !== "embedding" && !sides.input && !sides.output) {
    readMessages(attributes, sides);
    readEvents(events, sides);
  }
  readSystem(attributes, sides);
  return sides;
}

function read(span: SpanRecord, logs: readonly LogRecord[]): SpanFields {
  const events = span.events.length === 0 && logs.length === 0 ? [] : genAiEvents(span, logs);
  const attributes = withEventAttributes(span.attributes, events);
  const kind = spanKind(attributes);
  const sides = readSides(attributes, events, kind);
  const isTool = kind === "tool" || kind === "mcp" || kind === "handoff";
  const stop =
    textsOf(attributes.get("gen_ai.response.finish_reasons"))[0] ?? textAt(attributes, "anthropic.message.stop_reason");
  return {
    kind,
    operation: textAt(attributes, "gen_ai.operation.name"),
    provider: providerName(firstText(attributes, ["gen_ai.provider.name", "gen_ai.system"]) ?? routedTo(attributes)),
    requestModel: textAt(attributes, "gen_ai.request.model"),
    responseModel: textAt(attributes, "gen_ai.response.model"),
    responseId: responseId(attributes),
    serviceTier: serviceTier((keys) => firstText(attributes, keys)),
    usage: usageOfModels(textAt(attributes, MODELS_USAGE)) ?? genAiUsage((keys) => firstCount(attributes, keys)),
    input: sides.input,
    output: sides.output,
    finishReason: finishReason(stop ?? sides.finishReason),
    agentName: textAt(attributes, "gen_ai.agent.name"),
    toolName: isTool ? textAt(attributes, "gen_ai.tool.name") : undefined,
    toolCallId: isTool ? textAt(attributes, "gen_ai.tool.call.id") : undefined,
    errorType: textAt(attributes, "error.type"),
    errorMessage: firstText(attributes, ERROR_MESSAGES),
    consumed: sides.consumed,
  };
}

/** LiteLLM's name of a model begins with the provider: `openai/text-embedding-3-small`. */
function routedTo(attributes: Attributes): string | undefined {
  const model = textAt(attributes, "litellm.provider.model");
  const slash = model?.indexOf("/") ?? -1;
  return slash > 0 ? model?.slice(0, slash) : undefined;
}

/** LiteLLM writes the id of its own call where the provider told none, which is no sign of one answer. */
function responseId(attributes: Attributes): string | undefined {
  const id = textAt(attributes, "gen_ai.response.id");
  return id !== undefined && id === attributes.get("litellm.call_id") ? undefined : id;
}

function claims(span: SpanRecord): 0 | 1 | 2 {
  const { attributes } = span;
  for (const sign of SIGNS) if (attributes.has(sign)) return 2;
  for (const event of span.events) if (event.name.startsWith("gen_ai.")) return 1;
  return 0;
}

/**
 * OpenTelemetry's GenAI conventions in all their generations: messages in attributes, in span
 * events, in log records, and `gen_ai.prompt`/`gen_ai.completion` as whole JSON (conventions §1).
 */
export const genAi: Dialect = { name: "gen-ai", version: 5, claims, read };
