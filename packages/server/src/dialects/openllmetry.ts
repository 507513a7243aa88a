import type { Attributes, Content, Json, Message, RetrievedDocument, SpanKind, UsageLine } from "@telltale/model";
import { genAiUsage } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, numberOf, scalarText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, contentOfJson, messagesContent, ofMessages } from "../dialect/content.ts";
import type { FlatNode, Unfolded } from "../dialect/flattened.ts";
import { listOf, nodeAt, textAtNode, unfold } from "../dialect/flattened.ts";
import { isArray, isObject, memberOf, parseJson } from "../dialect/json-of.ts";
import { toolMessage } from "../dialect/langchain-tool.ts";
import { argumentsOf, partsOf, toolResponse } from "../dialect/message-part.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const PROMPTS = "gen_ai.prompt";
const COMPLETIONS = "gen_ai.completion";
const MATCHES = "db.vector.query.result";
const MCP_SCOPE = /instrumentation[-.]mcp/;
/** The JavaScript package for Anthropic that copies the raw counts, in which cached tokens are apart. */
const RAW_COUNTS = { scope: "@traceloop/instrumentation-anthropic", upTo: [0, 27] } as const;

/** Messages of `gen_ai.prompt.N.*` or `gen_ai.completion.N.*`, as the manual API still writes them. */
function flattened(unfolded: Unfolded | undefined, role: string, consumed: string[]): Content | undefined {
  const messages = listOf(unfolded?.node).map((item) => flatMessage(item, role));
  if (!unfolded || messages.length === 0) return undefined;
  consumed.push(...unfolded.keys);
  return ofMessages(messages);
}

function flatMessage(node: FlatNode, fallback: string): Message {
  const role = textAtNode(node, "role") || fallback;
  const content = textAtNode(node, "content");
  const callId = textAtNode(node, "tool_call_id");
  const reason = textAtNode(node, "finish_reason");
  const calls = [...listOf(nodeAt(node, "tool_calls")), nodeAt(node, "function_call")].flatMap((call) => {
    const name = textAtNode(call, "name");
    const id = textAtNode(call, "id");
    const parsed = argumentsOf(textAtNode(call, "arguments"));
    if (!name) return [];
    return [
      {
        type: "tool_call" as const,
        ...(id ? { id } : {}),
        name,
        ...(parsed === undefined ? {} : { arguments: parsed }),
      },
    ];
  });
  const reasoning = textAtNode(node, "reasoning");
  return {
    role,
    parts: [
      ...(reasoning ? [{ type: "reasoning" as const, content: reasoning }] : []),
      ...(callId ? [toolResponse(callId, argumentsOf(content))] : contentParts(content)),
      ...calls,
    ],
    ...(reason ? { finish_reason: reason } : {}),
  };
}

/** Content in several parts is written as JSON of the list, here and inside a text part. */
function contentParts(content: string | undefined): ReturnType<typeof partsOf> {
  const parsed = content?.startsWith('[{"type"') ? parseJson(content) : undefined;
  return partsOf(isArray(parsed) ? parsed : content);
}

/** Messages in the conventions' shape, with the LangChain instrumentation's JSON-in-text undone. */
function conventional(attributes: Attributes, key: string, role: string, consumed: string[]): Content | undefined {
  const content = messagesContent(attributes.get(key), role);
  if (content && content.type !== "masked") consumed.push(key);
  if (content?.type !== "messages") return content;
  const isNested = content.messages.some((message) =>
    message.parts.some((part) => part.type === "text" && part.content.startsWith('[{"type"')),
  );
  if (!isNested) return content;
  const messages = content.messages.map((message) => ({
    ...message,
    parts: message.parts.flatMap((part) => (part.type === "text" ? contentParts(part.content) : [part])),
  }));
  return { type: "messages", messages };
}

/**
 * The input of a decorated function: `{args, kwargs}` gives the one argument, the keyword
 * arguments, or both as sent; no argument at all is no input.
 */
function entityInput(attributes: Attributes, consumed: string[]): Content | undefined {
  const value = textAt(attributes, "traceloop.entity.input");
  const parsed = value === undefined ? undefined : parseJson(value);
  const given = functionInput(parsed);
  if (given === null) return undefined;
  const content = given === undefined ? anyContent(value) : contentOfJson(given);
  if (content && content.type !== "masked") consumed.push("traceloop.entity.input");
  return content;
}

function functionInput(parsed: Json | undefined): Json | undefined | null {
  if (isObject(parsed) && typeof parsed["tool_name"] === "string") return parsed["arguments"] ?? null;
  const args = memberOf(parsed, "args");
  const kwargs = memberOf(parsed, "kwargs");
  if (!isArray(args) || kwargs === undefined) return isArray(args) && args.length === 1 ? args[0] : undefined;
  const isBare = isObject(kwargs) ? Object.keys(kwargs).length === 0 : kwargs === null;
  if (isBare) return args.length === 0 ? null : args.length === 1 ? args[0] : args;
  return args.length === 0 ? kwargs : undefined;
}

function entityOutput(span: SpanRecord, kind: SpanKind | undefined, consumed: string[]): Content | undefined {
  const value = span.attributes.get("traceloop.entity.output");
  const message = kind === "tool" ? toolMessage(jsonAt(value)) : undefined;
  if (message) return message.content;
  const result = kind === "tool" && MCP_SCOPE.test(span.scope.name) ? memberOf(jsonAt(value), "result") : undefined;
  const content = result === undefined ? anyContent(value) : contentOfJson(result);
  if (content && content.type !== "masked") consumed.push("traceloop.entity.output");
  return content;
}

function jsonAt(value: ReturnType<Attributes["get"]>): Json | undefined {
  return typeof value === "string" ? parseJson(value) : undefined;
}

/** Matches of a vector store: ids and scores in attributes or events, the text in events' metadata. */
function matches(span: SpanRecord, flat: Unfolded | undefined, consumed: string[]): Content | undefined {
  const texts = new Map<string, string>();
  const documents: RetrievedDocument[] = [];
  for (const { name, attributes } of span.events) {
    const index = /^pinecone\.query\.result\.(\d{1,6})\.metadata$/.exec(name)?.[1];
    const text = textAt(attributes, "text");
    if (index !== undefined && text !== undefined) texts.set(index, text);
    if (name === "db.query.result") documents.push(eventDocument(attributes));
  }
  if (documents.length > 0) return { type: "documents", documents };
  for (const [index, item] of listOf(flat?.node).entries()) {
    const id = scalarText(nodeAt(item, "id")?.value);
    const score = numberOf(nodeAt(item, "score")?.value);
    const content = texts.get(String(index));
    documents.push({
      ...(id === undefined ? {} : { id }),
      ...(content === undefined ? {} : { content }),
      ...(score === undefined ? {} : { score }),
    });
  }
  if (documents.length === 0) return undefined;
  consumed.push(...(flat?.keys.filter((key) => /\.(?:id|score)$/.test(key)) ?? []));
  return { type: "documents", documents };
}

function eventDocument(attributes: Attributes): RetrievedDocument {
  const id = scalarText(attributes.get("db.query.result.id"));
  const content = textAt(attributes, "db.query.result.document");
  const score = numberOf(attributes.get("db.query.result.score"));
  const told = textAt(attributes, "db.query.result.metadata");
  const metadata = told === undefined ? undefined : parseJson(told);
  return {
    ...(id === undefined ? {} : { id }),
    ...(content === undefined ? {} : { content }),
    ...(score === undefined ? {} : { score }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function sides(span: SpanRecord, kind: SpanKind | undefined, consumed: string[]): Pick<SpanFields, "input" | "output"> {
  const { attributes } = span;
  if (kind === "llm") {
    const flat = unfold(attributes, [PROMPTS, COMPLETIONS]);
    return {
      input:
        conventional(attributes, "gen_ai.input.messages", "user", consumed) ??
        flattened(flat.get(PROMPTS), "user", consumed),
      output:
        conventional(attributes, "gen_ai.output.messages", "assistant", consumed) ??
        flattened(flat.get(COMPLETIONS), "assistant", consumed),
    };
  }
  const input = entityInput(attributes, consumed);
  const output = entityOutput(span, kind, consumed);
  if (kind !== "retrieval" || output) return { input, output };
  return { input, output: matches(span, unfold(attributes, [MATCHES]).get(MATCHES), consumed) };
}

/** Whether the sender's input count leaves the cached tokens out; its version tells. */
function hasRawCounts(span: SpanRecord): boolean {
  if (span.scope.name !== RAW_COUNTS.scope) return false;
  const [major = 0, minor = 0] = span.scope.version.split(".").map(Number);
  return major === RAW_COUNTS.upTo[0] && minor <= RAW_COUNTS.upTo[1];
}

function usage(span: SpanRecord): readonly UsageLine[] | undefined {
  return genAiUsage((keys) => firstCount(span.attributes, keys), { cachedApart: hasRawCounts(span) });
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const consumed: string[] = [];
  const kind = spanKind(attributes) ?? (MCP_SCOPE.test(span.scope.name) ? "mcp" : undefined);
  const isSession = attributes.get("traceloop.span.kind") === "session";
  const message = kind === "tool" ? toolMessage(jsonAt(attributes.get("traceloop.entity.output"))) : undefined;
  const entity = textAt(attributes, "traceloop.entity.name");
  const stop = firstText(attributes, ["llm.response.finish_reason", "llm.response.stop_reason"]);
  return {
    kind: isSession ? "mcp" : kind,
    provider: providerName(firstText(attributes, ["gen_ai.provider.name", "gen_ai.system"])),
    usage: usage(span),
    finishReason: stop === undefined ? undefined : finishReason(stop),
    agentName: textAt(attributes, "gen_ai.agent.name") ?? (kind === "agent" ? entity : undefined),
    ...(kind === "tool" ? { toolName: message?.name ?? entity, toolCallId: message?.callId } : {}),
    ...sides(span, kind, consumed),
    consumed,
  };
}

const SIGNS = [
  "traceloop.span.kind",
  "traceloop.entity.name",
  "traceloop.entity.input",
  "llm.request.type",
  "gen_ai.prompt.0.role",
  "gen_ai.prompt.0.content",
  "gen_ai.completion.0.content",
  "db.vector.query.top_k",
];

function claims(span: SpanRecord): 0 | 3 {
  if (span.scope.name.startsWith("@traceloop/")) return 3;
  return SIGNS.some((sign) => span.attributes.has(sign)) ? 3 : 0;
}

/** OpenLLMetry of Traceloop, old shape and new (conventions §2). */
export const openllmetry: Dialect = { name: "openllmetry", version: 1, claims, read };
