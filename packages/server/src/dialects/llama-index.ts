import type { Attributes, Content, Json, Message, MessagePart, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, ofMessages, plainContent } from "../dialect/content.ts";
import { responseMessages } from "../dialect/exchange.ts";
import { isArray, memberOf, objectIn, parseJson, textIn } from "../dialect/json-of.ts";
import { partOf, toolCallOf, toolResponse } from "../dialect/message-part.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import type { EventRecord, SpanRecord } from "../otlp/record.ts";

const SCOPE = "llamaindex.opentelemetry.tracer";
const USAGE = "response.raw.usage.";

/** The event that ends each sort of span, or the one that began it where the end never came. */
const EVENTS: readonly (readonly [RegExp, SpanKind])[] = [
  [/^LLM(?:Chat|Completion)/, "llm"],
  [/^Embedding/, "embedding"],
  [/^Retrieval/, "retrieval"],
  [/^ReRank/, "rerank"],
  [/^(?:Query|Synthesize|GetResponse|LLMPredict|LLMStructuredPredict)/, "workflow"],
];
/** Spans are named after the method that they are of: `FunctionTool.acall`. */
const NAMES: readonly (readonly [RegExp, SpanKind])[] = [
  [/Tool\.a?call$/, "tool"],
  [/Agent\.(?:a?run|a?chat)$/, "agent"],
];
/** All that an agent tells of a call is the text of its event. */
const TOOL_CALL = /^ToolCall\(tool_name='([^']{1,200})', tool_kwargs=(.{0,5000}), tool_id='([^']{1,200})'\)$/s;

function kindOf({ name, events }: SpanRecord): SpanKind {
  for (const event of events) {
    const found = EVENTS.find(([pattern]) => pattern.test(event.name));
    if (found) return found[1];
  }
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? "workflow";
}

function eventOf(span: SpanRecord, end: RegExp): EventRecord | undefined {
  return span.events.findLast((event) => end.test(event.name));
}

function jsonAt(attributes: Attributes | undefined, key: string): Json | undefined {
  const text = attributes && textAt(attributes, key);
  return text === undefined ? undefined : parseJson(text);
}

/** A `ChatMessage`: blocks, and the calls of tools beside them. */
function messageOf(item: Json): Message | undefined {
  const role = textIn(item, "role");
  if (role === undefined) return undefined;
  const more = objectIn(item, "additional_kwargs");
  const blocks = memberOf(item, "blocks");
  const told = (isArray(blocks) ? blocks : []).flatMap(partOfBlock);
  const calls = memberOf(more, "tool_calls");
  const callId = textIn(more, "tool_call_id");
  if (callId !== undefined && role === "tool")
    return {
      role,
      parts: [toolResponse(callId, told.map((part) => ("content" in part ? part.content : "")).join("\n"))],
    };
  const withoutCalls = told.filter(({ type }) => type !== "tool_call");
  return { role, parts: isArray(calls) ? [...withoutCalls, ...calls.map(toolCallOf)] : told };
}

function partOfBlock(block: Json): readonly MessagePart[] {
  const type = textIn(block, "block_type");
  if (type === "tool_call") {
    const id = textIn(block, "tool_call_id");
    const call = { name: textIn(block, "tool_name") ?? "", arguments: memberOf(block, "tool_kwargs") ?? null };
    return [toolCallOf(id === undefined ? call : { ...call, id })];
  }
  const text = textIn(block, "text");
  return [type === "text" && text !== undefined ? { type: "text", content: text } : partOf(block)];
}

function messagesIn(value: Json | undefined): Content | undefined {
  const messages = isArray(value) ? value.map(messageOf) : [];
  return messages.every((message) => message !== undefined) ? ofMessages(messages) : undefined;
}

/** The provider's own usage, as it stands in the raw answer. */
function usage(end: Attributes): readonly UsageLine[] | undefined {
  const count = (...keys: readonly string[]): number | undefined =>
    firstCount(
      end,
      keys.map((key) => USAGE + key),
    );
  const cachedApart = end.has(`${USAGE}cache_read_input_tokens`);
  const line = usageLine(
    {
      input: count("prompt_tokens", "input_tokens"),
      output: count("completion_tokens", "output_tokens"),
      cacheRead: count(
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
        "cache_read_input_tokens",
      ),
      cacheWrite: count("cache_creation_input_tokens"),
      reasoning: count("completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens"),
    },
    { cachedApart },
  );
  return line && [line];
}

function readCall(span: SpanRecord): SpanFields {
  const start = eventOf(span, /^LLM(?:Chat|Completion)StartEvent$/)?.attributes;
  const end = eventOf(span, /^LLM(?:Chat|Completion)EndEvent$/)?.attributes ?? new Map();
  const choices = jsonAt(end, "response.raw.choices");
  const answered = choices === undefined ? undefined : responseMessages({ choices });
  const first = isArray(choices) ? textIn(choices[0], "finish_reason") : undefined;
  const blocks = jsonAt(end, "response.message.blocks");
  return {
    provider: providerName(span.name.split(".")[0]),
    requestModel: start && (textAt(start, "model_dict.model_name") ?? textAt(start, "model_dict.model")),
    responseModel: textAt(end, "response.raw.model"),
    responseId: textAt(end, "response.raw.id"),
    finishReason: finishReason(first),
    usage: usage(end),
    input: messagesIn(jsonAt(start, "messages")) ?? (start && plainContent(start.get("prompt"))),
    output:
      (answered && ofMessages(answered)) ??
      (blocks === undefined ? undefined : messagesIn([{ role: "assistant", blocks }])) ??
      plainContent(end.get("response.text")),
  };
}

function readRetrieval(span: SpanRecord): SpanFields {
  const told = eventOf(span, /^Re(?:trieval|Rank)EndEvent$/)?.attributes;
  const nodes = jsonAt(told, "nodes");
  const query = told && (textAt(told, "str_or_query_bundle.query_str") ?? textAt(told, "str_or_query_bundle"));
  const documents = (isArray(nodes) ? nodes : []).map((item) => {
    const node = objectIn(item, "node");
    const [id, score] = [textIn(node, "id_"), memberOf(item, "score")];
    const content = textIn(node, "text") ?? textIn(objectIn(node, "text_resource"), "text");
    return {
      ...(id === undefined ? {} : { id }),
      ...(content === undefined ? {} : { content }),
      ...(typeof score === "number" ? { score } : {}),
      metadata: objectIn(node, "metadata") ?? null,
    };
  });
  return {
    input: query === undefined ? undefined : anyContent(query),
    output: documents.length > 0 ? { type: "documents", documents } : undefined,
  };
}

function readEmbedding(span: SpanRecord): SpanFields {
  const [start, end] = [/^EmbeddingStartEvent$/, /^EmbeddingEndEvent$/].map((name) => eventOf(span, name)?.attributes);
  return {
    provider: providerName(span.name.split(".")[0]?.replace(/Embedding$/, "")),
    requestModel: start && textAt(start, "model_dict.model_name"),
    input: end && anyContent(end.get("chunks")),
  };
}

function read(span: SpanRecord): SpanFields {
  const kind = kindOf(span);
  if (kind === "llm") return { kind, ...readCall(span) };
  if (kind === "retrieval" || kind === "rerank") return { kind, ...readRetrieval(span) };
  if (kind === "embedding") return { kind, ...readEmbedding(span) };
  if (kind === "agent") return { kind, agentName: span.name.split(".")[0] };
  if (kind !== "tool") return { kind };
  const [, name, told, id] = TOOL_CALL.exec(textAt(span.attributes, "llamaindex.step.input_summary") ?? "") ?? [];
  return {
    kind,
    toolName: name ?? span.name,
    toolCallId: id,
    input: told === undefined ? undefined : anyContent(told),
  };
}

function claims({ scope }: SpanRecord): 0 | 3 {
  return scope.name === SCOPE ? 3 : 0;
}

/** LlamaIndex's own OpenTelemetry package: a span for each method, and all that it knows in events beside. */
export const llamaIndex: Dialect = { name: "llama-index", version: 1, claims, read };
