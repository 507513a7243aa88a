import type { Attributes, Content, Json, RetrievedDocument, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, numberOf, scalarText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, ofMessages, plainContent } from "../dialect/content.ts";
import { contentText } from "../dialect/content-text.ts";
import { documentsOf } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import type { FlatNode, Unfolded } from "../dialect/flattened.ts";
import { listOf, nodeAt, textAtNode, unfold } from "../dialect/flattened.ts";
import { parseJson, textIn } from "../dialect/json-of.ts";
import { toolMessage } from "../dialect/langchain-tool.ts";
import { isMaskedText } from "../dialect/masked.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { flattenedMessages } from "../dialect/openinference-messages.ts";
import { type ResponseFacts, responseFacts } from "../dialect/response-facts.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const INPUT_MESSAGES = "llm.input_messages";
const OUTPUT_MESSAGES = "llm.output_messages";
const PROMPTS = "llm.prompts";
const CHOICES = "llm.choices";
const DOCUMENTS = "retrieval.documents";
const EMBEDDINGS = "embedding.embeddings";
const RANKED_IN = "reranker.input_documents";
const RANKED_OUT = "reranker.output_documents";
const PREFIXES = [INPUT_MESSAGES, OUTPUT_MESSAGES, PROMPTS, CHOICES, DOCUMENTS, EMBEDDINGS, RANKED_IN, RANKED_OUT];
const COUNT = "llm.token_count.";

/** One span while it is read. */
interface Reading {
  readonly attributes: Attributes;
  readonly flat: ReadonlyMap<string, Unfolded>;
  readonly consumed: string[];
}

/** `input.value` or `output.value`, by its mime type. */
function generic(reading: Reading, side: "input" | "output"): Content | undefined {
  const value = reading.attributes.get(`${side}.value`);
  const isPlain = reading.attributes.get(`${side}.mime_type`) === "text/plain";
  const content = isPlain ? plainContent(value) : anyContent(value);
  if (content && content.type !== "masked") reading.consumed.push(`${side}.value`);
  return content;
}

function rawJson(reading: Reading, side: "input" | "output"): Json | undefined {
  const value = reading.attributes.get(`${side}.value`);
  return typeof value === "string" ? parseJson(value) : undefined;
}

/**
 * The messages of a model call. The raw request and answer in `input.value` and `output.value`
 * are whole; the flattened ones lose content lists, call ids and, at the SDK's limit of 128
 * attributes, their end. So the raw ones are taken where they tell at least as many messages.
 */
function modelSide(reading: Reading, side: "input" | "output", raw: Json | undefined): Content | undefined {
  const prefix = side === "input" ? INPUT_MESSAGES : OUTPUT_MESSAGES;
  const unfolded = reading.flat.get(prefix);
  const flattened = flattenedMessages(unfolded?.node);
  const whole = side === "input" ? requestMessages(raw) : responseMessages(raw);
  if (unfolded) reading.consumed.push(...unfolded.keys);
  if (whole && whole.length >= flattened.length) {
    if (side === "input") reading.consumed.push("input.value");
    return ofMessages(whole);
  }
  if (flattened.some((message) => message.parts.length > 0)) {
    dropEqualText(
      reading,
      side,
      flattened.flatMap((message) => message.parts),
    );
    return ofMessages(flattened);
  }
  return completion(reading, side) ?? generic(reading, side);
}

/** A streamed answer stands in `output.value` as the same text once more. */
function dropEqualText(
  reading: Reading,
  side: "input" | "output",
  parts: readonly { type: string; content?: unknown }[],
): void {
  const value = reading.attributes.get(`${side}.value`);
  if (parts.some((part) => part.type === "text" && part.content === value)) reading.consumed.push(`${side}.value`);
}

/** The completions API: `llm.prompts.N.prompt.text`, `llm.choices.N.completion.text`. */
function completion(reading: Reading, side: "input" | "output"): Content | undefined {
  const [prefix, member, role] = side === "input" ? [PROMPTS, "prompt", "user"] : [CHOICES, "completion", "assistant"];
  const unfolded = reading.flat.get(prefix);
  const texts = listOf(unfolded?.node).flatMap((item) => textAtNode(item, member, "text") || []);
  if (!unfolded || texts.length === 0) return undefined;
  reading.consumed.push(...unfolded.keys);
  return ofMessages(texts.map((content) => ({ role, parts: [{ type: "text", content }] })));
}

function documentList(reading: Reading, prefix: string): Content | undefined {
  const unfolded = reading.flat.get(prefix);
  const documents = listOf(unfolded?.node).flatMap((item) => documentOf(nodeAt(item, "document")) ?? []);
  if (!unfolded || documents.length === 0) return undefined;
  reading.consumed.push(...unfolded.keys);
  return { type: "documents", documents };
}

function documentOf(node: FlatNode | undefined): RetrievedDocument | undefined {
  if (!node) return undefined;
  const id = scalarText(nodeAt(node, "id")?.value);
  const content = textAtNode(node, "content");
  const score = numberOf(nodeAt(node, "score")?.value);
  const told = textAtNode(node, "metadata");
  const metadata = told === undefined ? undefined : (parseJson(told) ?? told);
  return {
    ...(id === undefined ? {} : { id }),
    ...(content === undefined ? {} : { content }),
    ...(score === undefined ? {} : { score }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Documents, and the same ones as JSON in `output.value`. */
function retrieved(reading: Reading): Content | undefined {
  const content = documentList(reading, DOCUMENTS);
  const raw = documentsOf(rawJson(reading, "output"));
  if (content?.type === "documents") {
    if (raw?.length === content.documents.length) reading.consumed.push("output.value");
    return content;
  }
  if (!raw) return generic(reading, "output");
  reading.consumed.push("output.value");
  return { type: "documents", documents: raw };
}

/** What was embedded: a text, or a list of texts. The vectors are left to the translation. */
function embedded(reading: Reading): Content | undefined {
  const unfolded = reading.flat.get(EMBEDDINGS);
  const texts = listOf(unfolded?.node).flatMap((item) => textAtNode(item, "embedding", "text") || []);
  const keys = unfolded?.keys.filter((key) => key.endsWith(".text")) ?? [];
  const whole = generic(reading, "input");
  if (texts.length === 0) return whole;
  const [first] = texts;
  if (first !== undefined && isMaskedText(first)) return { type: "masked" };
  const content: Content =
    texts.length === 1 && first !== undefined ? { type: "text", text: first } : { type: "json", value: texts };
  if (whole && contentText(whole) !== contentText(content)) return whole;
  reading.consumed.push(...keys);
  return content;
}

function ranked(reading: Reading): Content | undefined {
  const query = textAt(reading.attributes, "reranker.query");
  const documents = documentList(reading, RANKED_IN);
  if (documents?.type !== "documents")
    return query === undefined ? generic(reading, "input") : { type: "text", text: query };
  const plain = documents.documents.map((document) => ({ ...document }));
  return { type: "json", value: { ...(query === undefined ? {} : { query }), documents: plain } };
}

function sides(
  reading: Reading,
  kind: SpanKind | undefined,
  answer: Json | undefined,
  name: string,
): Partial<SpanFields> {
  switch (kind) {
    case "llm":
      return {
        input: modelSide(reading, "input", rawJson(reading, "input")),
        output: modelSide(reading, "output", answer),
      };
    case "embedding":
      return { input: embedded(reading) };
    case "retrieval":
      return { input: generic(reading, "input"), output: retrieved(reading) };
    case "rerank":
      return { input: ranked(reading), output: documentList(reading, RANKED_OUT) ?? generic(reading, "output") };
    case "tool":
      return toolFields(reading, name);
    default:
      return { input: generic(reading, "input"), output: generic(reading, "output") };
  }
}

/** Totals with the cached tokens inside (§8), or the raw answer's own split over several models. */
function usage(attributes: Attributes, facts: ResponseFacts): readonly UsageLine[] | undefined {
  if (facts.hasIterations && facts.usage.length > 0) return facts.usage;
  const input = firstCount(attributes, [`${COUNT}prompt`]);
  const output = firstCount(attributes, [`${COUNT}completion`]);
  if (input === undefined && output === undefined) return facts.usage.length > 0 ? facts.usage : undefined;
  const line = usageLine({
    input,
    output,
    cacheRead: firstCount(attributes, [`${COUNT}prompt_details.cache_read`, `${COUNT}prompt_details.cache_input`]),
    cacheWrite: firstCount(attributes, [`${COUNT}prompt_details.cache_write`]),
    cacheWriteHour: facts.cacheWriteHour,
    inputAudio: firstCount(attributes, [`${COUNT}prompt_details.audio`]),
    reasoning: firstCount(attributes, [`${COUNT}completion_details.reasoning`]),
    outputAudio: firstCount(attributes, [`${COUNT}completion_details.audio`]),
  });
  return line && [line];
}

function models(attributes: Attributes, facts: ResponseFacts): Pick<SpanFields, "requestModel" | "responseModel"> {
  const parameters = textAt(attributes, "llm.invocation_parameters");
  const asked = parameters === undefined ? undefined : textIn(parseJson(parameters), "model");
  const named = textAt(attributes, "llm.model_name");
  return {
    requestModel:
      firstText(attributes, ["llm.request.model_name"]) ??
      asked ??
      named ??
      firstText(attributes, ["embedding.model_name", "reranker.model_name"]),
    responseModel:
      textAt(attributes, "llm.response.model_name") ??
      facts.model ??
      (asked === undefined || named === asked ? undefined : named),
  };
}

/** LangChain's metadata names the provider where the instrumentation does not. */
function provider(attributes: Attributes): string | undefined {
  const told = providerName(firstText(attributes, ["llm.provider", "llm.system"]));
  if (told !== undefined) return told;
  const metadata = textAt(attributes, "metadata");
  return metadata === undefined ? undefined : providerName(textIn(parseJson(metadata), "ls_provider"));
}

/** What a tool was given and gave; LangChain's answer with a ToolMessage, which knows the call it is for. */
function toolFields(reading: Reading, name: string): Pick<SpanFields, "input" | "output" | "toolName" | "toolCallId"> {
  const { attributes } = reading;
  const message = toolMessage(rawJson(reading, "output"));
  return {
    input: generic(reading, "input") ?? anyContent(attributes.get("tool.parameters")),
    output: message ? message.content : generic(reading, "output"),
    toolName: textAt(attributes, "tool.name") ?? message?.name ?? name,
    toolCallId: firstText(attributes, ["tool_call.id", "tool.id"]) ?? message?.callId,
  };
}

/** LlamaIndex's instrumentation calls every method of a model's class a call; this one only puts a request together. */
const PREPARES = /\._prepare_chat_with_tools$/;

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const reading: Reading = { attributes, flat: unfold(attributes, PREFIXES), consumed: [] };
  const kind = PREPARES.test(span.name) ? "workflow" : spanKind(attributes);
  const isCall = kind === "llm";
  const answer = isCall ? rawJson(reading, "output") : undefined;
  const facts = responseFacts(answer);
  return {
    kind,
    provider: provider(attributes),
    ...models(attributes, facts),
    responseId: facts.id,
    serviceTier: facts.serviceTier,
    usage: usage(attributes, facts),
    finishReason: finishReason(textAt(attributes, "llm.finish_reason") ?? facts.finishReason),
    agentName: textAt(attributes, "agent.name"),
    ...sides(reading, kind, answer, span.name),
    consumed: reading.consumed,
  };
}

/** Keys of OpenInference on spans that do not tell its kind; other tools write them too. */
const SIGNS = ["llm.token_count.prompt", "llm.input_messages.0.message.role", "input.value", "output.value"];

/** On spans that another instrumentation made and a processor added to, the original is surer. */
function claims({ attributes }: SpanRecord): 0 | 1 | 3 {
  if (!attributes.has("openinference.span.kind")) return SIGNS.some((key) => attributes.has(key)) ? 1 : 0;
  return attributes.has("ai.operationId") || attributes.has("gen_ai.operation.name") ? 1 : 3;
}

/** OpenInference of Arize and Phoenix: flattened lists beside raw JSON (conventions §3). */
export const openinference: Dialect = { name: "openinference", version: 2, claims, read };
