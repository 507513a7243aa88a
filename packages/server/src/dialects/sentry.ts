import type { Attributes, Content, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent, ofMessages, plainContent } from "../dialect/content.ts";
import { requestMessages } from "../dialect/exchange.ts";
import { isArray, isObject, type JsonObject, memberOf, parseJson, textIn } from "../dialect/json-of.ts";
import { toolCallOf } from "../dialect/message-part.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const USAGE = "gen_ai.usage.";
/** Sentry's own word for what a span does. */
const OPS: ReadonlyMap<string, SpanKind> = new Map([
  ["gen_ai.chat", "llm"],
  ["gen_ai.responses", "llm"],
  ["gen_ai.messages", "llm"],
  ["gen_ai.generate_content", "llm"],
  ["gen_ai.generate_text", "llm"],
  ["gen_ai.stream_text", "llm"],
  ["gen_ai.embeddings", "embedding"],
  ["gen_ai.invoke_agent", "agent"],
  ["gen_ai.create_agent", "agent"],
  ["gen_ai.execute_tool", "tool"],
  ["gen_ai.handoff", "handoff"],
  ["gen_ai.rerank", "rerank"],
]);

/** Counts with the cached and reasoning tokens inside, under names of its own. */
function usage(attributes: Attributes): readonly UsageLine[] | undefined {
  const input = firstCount(attributes, [`${USAGE}input_tokens`]);
  const output = firstCount(attributes, [`${USAGE}output_tokens`]);
  if (input === undefined && output === undefined) return undefined;
  const line = usageLine({
    input,
    output,
    cacheRead: firstCount(attributes, [`${USAGE}input_tokens.cached`, `${USAGE}cache_read.input_tokens`]),
    cacheWrite: firstCount(attributes, [`${USAGE}input_tokens.cache_write`, `${USAGE}cache_creation.input_tokens`]),
    reasoning: firstCount(attributes, [`${USAGE}output_tokens.reasoning`, `${USAGE}reasoning.output_tokens`]),
  });
  return line && [line];
}

/** A text, a list of texts or (of Python) a message whose empty fields read "None", and calls of tools, as one answer. */
function answer(attributes: Attributes): Content | undefined {
  const told = attributes.get("gen_ai.response.text");
  const list = typeof told === "string" ? parseJson(told) : undefined;
  if (isObject(list) && "content" in list) return ofMessage(list);
  const texts = isArray(list)
    ? list.filter((text) => typeof text === "string")
    : typeof told === "string"
      ? [told]
      : [];
  const only = texts.length === 1 ? plainContent(texts[0]) : undefined;
  if (only?.type === "masked") return only;
  const calls = parseJson(textAt(attributes, "gen_ai.response.tool_calls") ?? "");
  return ofMessages([
    {
      role: "assistant",
      parts: [
        ...texts.map((content) => ({ type: "text" as const, content })),
        ...(isArray(calls) ? calls.map(toolCallOf) : []),
      ],
    },
  ]);
}

function ofMessage(message: JsonObject): Content | undefined {
  const said = textIn(message, "content");
  const call = memberOf(message, "tool_calls");
  const calls = isArray(call) ? call : isObject(call) ? [call] : [];
  return ofMessages([
    {
      role: "assistant",
      parts: [
        ...(said === undefined || said === "None" ? [] : [{ type: "text" as const, content: said }]),
        ...calls.map(toolCallOf),
      ],
    },
  ]);
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const named = OPS.get(textAt(attributes, "sentry.op") ?? "");
  // Without an operation's name a model is all that speaks for a kind, and an agent names its model too.
  const kind = (attributes.has("gen_ai.operation.name") ? undefined : named) ?? spanKind(attributes) ?? named;
  if (kind === "tool")
    return {
      kind,
      input: anyContent(attributes.get("gen_ai.tool.input")),
      output: anyContent(attributes.get("gen_ai.tool.output")),
      consumed: ["gen_ai.tool.input", "gen_ai.tool.output"].filter((key) => isContent(attributes, key)),
    };
  const asked = attributes.get("gen_ai.request.messages");
  const input = messagesContent(asked, "user", requestMessages);
  const output = answer(attributes);
  if (kind === "embedding")
    return { kind, usage: usage(attributes), input: anyContent(attributes.get("gen_ai.embeddings.input")) };
  const failed = attributes.get("sentry.status") ?? "ok";
  return {
    kind,
    ...(failed === "ok" || failed === "unset" ? {} : { status: "error" as const }),
    usage: usage(attributes),
    input,
    output,
    consumed: [
      ...(input && input.type !== "masked" ? ["gen_ai.request.messages"] : []),
      ...(output?.type === "messages"
        ? ["gen_ai.response.text", "gen_ai.response.tool_calls"].filter((key) => isContent(attributes, key))
        : []),
    ],
  };
}

function isContent(attributes: Attributes, key: string): boolean {
  const content = anyContent(attributes.get(key));
  return content !== undefined && content.type !== "masked";
}

function claims({ attributes }: SpanRecord): 0 | 1 | 3 {
  if (attributes.has("gen_ai.request.messages") || attributes.has("gen_ai.response.text")) return 3;
  const op = attributes.get("sentry.op");
  return typeof op === "string" && op.startsWith("gen_ai.") ? 3 : 0;
}

/** Sentry's AI spans: GenAI names of its own for content, costs and parts of the usage (conventions §7.10). */
export const sentry: Dialect = { name: "sentry", version: 3, claims, read };
