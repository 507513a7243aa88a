import type { Attributes, Content } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, contentOfJson, messagesContent, type MessageReader } from "../dialect/content.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { isArray, parseJson, textIn } from "../dialect/json-of.ts";
import { finishReason } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const SCOPE = "lmnr.tracer";
const OWN_INPUT = "lmnr.span.input";
const OWN_OUTPUT = "lmnr.span.output";
const INPUT = "gen_ai.input.messages";
const OUTPUT = "gen_ai.output.messages";
/** Its exporters of the AI SDK and Mastra tell tools in the AI SDK's words. */
const TOOL_NAMES = ["gen_ai.tool.name", "ai.toolCall.name"];
const TOOL_IDS = ["gen_ai.tool.call.id", "ai.toolCall.id"];
/** On every span that passes Laminar's processor, whoever's it is. */
const SIGNS = ["lmnr.span.path", "lmnr.span.ids_path", "lmnr.span.type", OWN_INPUT, OWN_OUTPUT];

/** What was read of one side, and the key that told it. */
interface Side {
  readonly content?: Content | undefined;
  readonly key?: string;
}

function firstSide(attributes: Attributes, keys: readonly string[], read: (key: string) => Content | undefined): Side {
  for (const key of keys) {
    const content = attributes.has(key) ? read(key) : undefined;
    if (content) return { content, key };
  }
  return {};
}

/** The conventions' keys speak first, with lists as the provider's API has them; Laminar's own are what is set by hand. */
function messageSide(attributes: Attributes, keys: readonly string[], role: string, read: MessageReader): Side {
  return firstSide(attributes, keys, (key) => messagesContent(attributes.get(key), role, read));
}

/** What is embedded, as messages that have a content and no role. */
function embedded(attributes: Attributes): Side {
  return firstSide(attributes, [INPUT, OWN_INPUT], (key) => {
    const text = textAt(attributes, key);
    const list = text === undefined ? undefined : parseJson(text);
    const texts = (isArray(list) ? list : []).flatMap((item) => textIn(item, "content") ?? []);
    if (texts.length === 0) return anyContent(attributes.get(key));
    return contentOfJson(texts.length === 1 ? texts[0] : texts);
  });
}

/** Why the first answer ended: its choice says it, or an attribute that only Laminar writes in the singular. */
function reasonOf(attributes: Attributes, output: Content | undefined): string | undefined {
  if (attributes.has("gen_ai.response.finish_reasons")) return undefined;
  const told = output?.type === "messages" ? output.messages[0]?.finish_reason : undefined;
  return finishReason(told ?? textAt(attributes, "gen_ai.response.finish_reason"));
}

function used(...sides: readonly Side[]): readonly string[] {
  return sides.flatMap(({ content, key }) => (content && content.type !== "masked" && key !== undefined ? [key] : []));
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  // The run that an evaluation judges.
  const kind = attributes.get("lmnr.span.type") === "EXECUTOR" ? "workflow" : spanKind(attributes);
  if (kind === "llm") {
    const input = messageSide(attributes, [INPUT, OWN_INPUT], "user", requestMessages);
    const output = messageSide(attributes, [OUTPUT, OWN_OUTPUT], "assistant", responseMessages);
    return {
      kind,
      input: input.content,
      output: output.content,
      finishReason: reasonOf(attributes, output.content),
      consumed: used(input, output),
    };
  }
  if (kind === "embedding") {
    const input = embedded(attributes);
    return { kind, input: input.content, consumed: used(input) };
  }
  const any = (key: string): Content | undefined => anyContent(attributes.get(key));
  const input = firstSide(attributes, ["gen_ai.tool.call.arguments", OWN_INPUT], any);
  const output = firstSide(attributes, ["gen_ai.tool.call.result", OWN_OUTPUT], any);
  return {
    kind,
    toolName: kind === "tool" ? (firstText(attributes, TOOL_NAMES) ?? span.name) : undefined,
    toolCallId: kind === "tool" ? firstText(attributes, TOOL_IDS) : undefined,
    input: input.content,
    output: output.content,
    consumed: used(input, output),
  };
}

function claims({ scope, attributes }: SpanRecord): 0 | 1 | 3 {
  if (scope.name === SCOPE) return 3;
  return SIGNS.some((sign) => attributes.has(sign)) ? 1 : 0;
}

/**
 * Laminar's SDKs: functions and tools under names of its own, calls of models in the conventions' words with cached
 * tokens inside the input, also Anthropic's (conventions §7.10).
 */
export const laminar: Dialect = { name: "laminar", version: 1, claims, read };
