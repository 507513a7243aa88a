import type { AttributeValue, Attributes, Content, Json, Message, MessagePart, SpanKind } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, contentOfJson, ofMessages } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { isArray, isObject, memberOf, objectIn, parseJson, textIn } from "../dialect/json-of.ts";
import { partOf, toolCallOf, toolResponse } from "../dialect/message-part.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import type { SpanRecord } from "../otlp/record.ts";

const COMPONENT = "haystack.component.";
const LLM_STEP = "haystack.agent.step.llm";
const TOOL_STEP = "haystack.agent.step.tool";

/** What the class of a component says of it; the first that fits. Its package tells more than its name does. */
const CLASSES: readonly (readonly [RegExp, SpanKind])[] = [
  [/Generator$|ChatGenerator|\.generators\./, "llm"],
  [/Embedder$|\.embedders\./, "embedding"],
  [/Ranker$|\.rankers\./, "rerank"],
  [/Retriever$|\.retrievers\.|WebSearch$/, "retrieval"],
  [/ToolInvoker$/, "tool"],
  [/Agent$|\.agents\./, "agent"],
  [/PromptBuilder$/, "prompt"],
  [/Evaluator$|\.evaluators\./, "evaluation"],
];

/** Classes are named after the service that they call: `OpenAIChatGenerator`. */
const PROVIDER =
  /^(AzureOpenAI|OpenAI|Anthropic|AmazonBedrock|Cohere|Mistral|GoogleGenAI|GoogleAI|VertexAI|Ollama|Groq)/;
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["AzureOpenAI", "azure.ai.openai"],
  ["AmazonBedrock", "aws.bedrock"],
  ["GoogleGenAI", "gcp.gemini"],
  ["GoogleAI", "gcp.gemini"],
  ["VertexAI", "gcp.vertex_ai"],
]);

function kindOf(span: SpanRecord): SpanKind | undefined {
  if (span.name === LLM_STEP) return "llm";
  if (span.name === TOOL_STEP) return "tool";
  if (span.name === "haystack.agent.run") return "agent";
  if (span.name.startsWith("haystack.pipeline.") || span.name === "haystack.agent.step") return "workflow";
  const type = textAt(span.attributes, `${COMPONENT}type`);
  if (type === undefined) return undefined;
  const path = textAt(span.attributes, `${COMPONENT}fully_qualified_type`) ?? type;
  return CLASSES.find(([pattern]) => pattern.test(type) || pattern.test(path))?.[1] ?? "workflow";
}

/** `ChatMessage` of Haystack 2: parts are told by their only member, as of a message or of its dictionary. */
function messageOf(item: Json): Message | undefined {
  const role = textIn(item, "role") ?? textIn(item, "_role");
  if (role === undefined) return undefined;
  const content = memberOf(item, "content") ?? memberOf(item, "_content");
  const parts = isArray(content) ? content.flatMap((part) => haystackPart(part)) : [];
  if (typeof content === "string" && content !== "") parts.push({ type: "text", content });
  const name = textIn(item, "name") ?? textIn(item, "_name");
  const stop = finishReason(textIn(metaOf(item), "finish_reason"));
  return {
    role,
    parts,
    ...(name === undefined ? {} : { name }),
    ...(stop === undefined ? {} : { finish_reason: stop }),
  };
}

function haystackPart(part: Json): readonly MessagePart[] {
  if (part === null) return [];
  const call = objectIn(part, "tool_call");
  if (call) return [toolCallOf(call)];
  const result = objectIn(part, "tool_call_result");
  if (result) return [toolResponse(textIn(objectIn(result, "origin"), "id"), memberOf(result, "result"))];
  const reasoning = textIn(objectIn(part, "reasoning"), "reasoning_text");
  return reasoning === undefined ? [partOf(part)] : [{ type: "reasoning", content: reasoning }];
}

function metaOf(message: Json | undefined): Json | undefined {
  return objectIn(message, "meta") ?? objectIn(message, "_meta");
}

function messagesIn(value: Json | undefined): Content | undefined {
  if (!isArray(value)) return undefined;
  const messages = value.map((item) => (typeof item === "string" ? undefined : messageOf(item)));
  return messages.every((message) => message !== undefined) ? ofMessages(messages) : undefined;
}

function jsonAt(attributes: Attributes, key: string): Json | undefined {
  const value = attributes.get(key);
  return typeof value === "string" ? parseJson(value) : undefined;
}

/** The two sides of each sort of span, by key. */
function keysOf({ name }: SpanRecord): readonly [input: string, output: string] {
  if (name === LLM_STEP || name === TOOL_STEP) return [`${name}.input`, `${name}.output`];
  if (name === "haystack.agent.run") return ["haystack.agent.input", "haystack.agent.output"];
  if (name.startsWith("haystack.pipeline.")) return ["haystack.pipeline.input_data", "haystack.pipeline.output_data"];
  return [`${COMPONENT}input`, `${COMPONENT}output`];
}

function inputOf(
  value: AttributeValue | undefined,
  json: Json | undefined,
  kind: SpanKind | undefined,
): Content | undefined {
  if (kind === "llm" || kind === "agent") {
    const prompt = memberOf(json, "prompt");
    if (typeof prompt === "string") return ofMessages([{ role: "user", parts: [{ type: "text", content: prompt }] }]);
    const messages = messagesIn(memberOf(json, "messages"));
    if (messages) return messages;
  }
  if (kind === "retrieval" || kind === "embedding") {
    const query = memberOf(json, "query") ?? memberOf(json, "text");
    if (typeof query === "string") return contentOfJson(query);
  }
  return anyContent(value);
}

function outputOf(
  value: AttributeValue | undefined,
  json: Json | undefined,
  kind: SpanKind | undefined,
): Content | undefined {
  if (kind === "llm") {
    const replies = memberOf(json, "replies");
    const messages = messagesIn(replies);
    if (messages) return messages;
    if (isArray(replies) && replies.every((reply) => typeof reply === "string"))
      return ofMessages(replies.map((content) => ({ role: "assistant", parts: [{ type: "text", content }] })));
  }
  if (kind === "agent") {
    const all = memberOf(json, "messages");
    const last = messagesIn(isArray(all) ? all.slice(-1) : undefined);
    if (last) return last;
  }
  return kind === "retrieval" || kind === "rerank" ? documentsContent(value) : anyContent(value);
}

/** What the replies' or the component's `meta` tells of the call. */
function callFacts(output: Json | undefined): SpanFields {
  const replies = memberOf(output, "replies");
  const metas = memberOf(output, "meta");
  const meta = metaOf(isArray(replies) ? replies[0] : undefined) ?? (isArray(metas) ? metas[0] : metas);
  if (!isObject(meta)) return {};
  const lines = providerUsage(memberOf(meta, "usage"));
  return {
    responseModel: textIn(meta, "model"),
    responseId: textIn(meta, "id"),
    finishReason: finishReason(textIn(meta, "finish_reason")),
    ...(lines.length > 0 ? { usage: lines } : {}),
  };
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = kindOf(span);
  const [inputKey, outputKey] = keysOf(span);
  const answer = jsonAt(attributes, outputKey);
  const asked = jsonAt(attributes, inputKey);
  const input = inputOf(attributes.get(inputKey), asked, kind);
  const output = outputOf(attributes.get(outputKey), answer, kind);
  const isCall = kind === "llm" || kind === "embedding" || kind === "rerank";
  const facts = isCall ? callFacts(answer) : {};
  const name = PROVIDER.exec(textAt(attributes, `${COMPONENT}type`) ?? "")?.[1];
  return {
    kind,
    ...facts,
    // Which model was asked for is told nowhere; what answered is nearest.
    requestModel: textIn(objectIn(asked, "generation_kwargs"), "model") ?? facts.responseModel,
    provider: isCall ? providerName(name === undefined ? undefined : (PROVIDERS.get(name) ?? name)) : undefined,
    input,
    output,
    toolName: kind === "tool" ? textAt(attributes, "haystack.tool.name") : undefined,
    agentName: kind === "agent" ? textAt(attributes, `${COMPONENT}name`) : undefined,
    // A whole reply says more than its messages, so that stays.
    consumed: isCall ? [] : [...used(input, inputKey), ...(kind === "agent" ? [] : used(output, outputKey))],
  };
}

function used(content: Content | undefined, key: string): readonly string[] {
  return content && content.type !== "masked" ? [key] : [];
}

function claims({ name, attributes }: SpanRecord): 0 | 3 {
  return name.startsWith("haystack.") || attributes.has(`${COMPONENT}type`) ? 3 : 0;
}

/** Haystack's own tracer: pipelines, components and steps of an agent, with content as JSON of its classes. */
export const haystack: Dialect = { name: "haystack", version: 1, claims, read };
