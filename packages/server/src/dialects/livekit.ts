import type { Attributes, Content, Json, Message, MessagePart, SpanKind } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, ofMessages, plainContent } from "../dialect/content.ts";
import { isArray, memberOf, parseJson, textIn } from "../dialect/json-of.ts";
import { partsOf, toolCallOf, toolResponse } from "../dialect/message-part.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const SCOPE = "livekit-agents";

/** Its spans by name, for those that no operation's name tells. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["agent_session", "workflow"],
  ["agent_turn", "agent"],
  ["user_turn", "workflow"],
  ["llm_node", "workflow"],
  ["llm_request", "llm"],
  ["tts_node", "workflow"],
  ["tts_request", "llm"],
  ["function_tool", "tool"],
  ["judge_evaluation", "evaluation"],
]);

/** What people said stands under `lk.pii.`, where LiveKit's cloud can take it out; older versions have it right under `lk.`. */
function keysOf(name: string): readonly string[] {
  return [`lk.pii.${name}`, `lk.${name}`];
}

const CHAT = keysOf("chat_ctx");
const TEXT = keysOf("response.text");
const CALLS = keysOf("response.function_calls");
const USER_INPUT = keysOf("user_input");
const TRANSCRIPT = keysOf("user_transcript");
const SPOKEN = keysOf("input_text");
const ARGUMENTS = keysOf("function_tool.arguments");
const OUTPUT = keysOf("function_tool.output");

/** A span that names a model and no operation is a step around the call, or one attempt at it. */
function kindOf({ name, attributes }: SpanRecord): SpanKind | undefined {
  if (attributes.has("gen_ai.operation.name")) return spanKind(attributes);
  const kind = KINDS.get(name) ?? spanKind(attributes);
  return kind === "llm" && !KINDS.has(name) ? "workflow" : kind;
}

/** A `ChatContext`: messages whose content is texts and objects, calls of tools and their results. */
function itemOf(item: Json): Message | undefined {
  const id = textIn(item, "call_id");
  switch (textIn(item, "type")) {
    case "message":
      return { role: textIn(item, "role") ?? "user", parts: contentParts(memberOf(item, "content")) };
    case "function_call":
      return { role: "assistant", parts: [callOf(item)] };
    case "function_call_output":
      return { role: "tool", parts: [toolResponse(id, memberOf(item, "output"))] };
    default:
      return undefined;
  }
}

function contentParts(content: Json | undefined): readonly MessagePart[] {
  const told = isArray(content) ? content.filter((part) => textIn(part, "type") !== "cache_breakpoint") : content;
  return partsOf(told);
}

function callOf(call: Json): MessagePart {
  const id = textIn(call, "call_id");
  const told = { name: textIn(call, "name") ?? "", arguments: memberOf(call, "arguments") ?? null };
  return toolCallOf(id === undefined ? told : { ...told, id });
}

function conversation(attributes: Attributes): Content | undefined {
  const items = memberOf(parseJson(firstText(attributes, CHAT) ?? ""), "items");
  const messages = (isArray(items) ? items : []).flatMap((item) => itemOf(item) ?? []);
  return ofMessages(messages);
}

function answer(attributes: Attributes): Content | undefined {
  const text = firstText(attributes, TEXT);
  const calls = parseJson(firstText(attributes, CALLS) ?? "");
  const parts: MessagePart[] = text === undefined ? [] : [{ type: "text", content: text }];
  if (isArray(calls)) parts.push(...calls.map(callOf));
  return ofMessages([{ role: "assistant", parts }]);
}

/** The two sides of a span, and the keys that they say all of. */
function sidesOf(kind: SpanKind | undefined, attributes: Attributes): SpanFields {
  const plain = (keys: readonly string[]): Content | undefined => plainContent(firstText(attributes, keys));
  if (kind === "tool") {
    const [input, output] = [ARGUMENTS, OUTPUT].map((keys) => anyContent(firstText(attributes, keys)));
    return {
      input,
      output,
      consumed: used(attributes, [
        [ARGUMENTS, input],
        [OUTPUT, output],
      ]),
    };
  }
  if (CHAT.some((key) => attributes.has(key))) {
    // The context also has the changes of an agent's settings, so it stays.
    const output = answer(attributes);
    return {
      input: conversation(attributes),
      output,
      consumed: used(attributes, [
        [TEXT, output],
        [CALLS, output],
      ]),
    };
  }
  const input = plain(USER_INPUT) ?? plain(SPOKEN);
  const output = plain(TEXT) ?? plain(TRANSCRIPT);
  const told: Told = [
    [USER_INPUT, input],
    [SPOKEN, input],
    [TEXT, output],
    [TRANSCRIPT, output],
  ];
  return { input, output, consumed: used(attributes, told) };
}

type Told = readonly (readonly [keys: readonly string[], content: Content | undefined])[];

function used(attributes: Attributes, told: Told): readonly string[] {
  return told.flatMap(([keys, content]) => {
    const key = keys.find((each) => textAt(attributes, each) !== undefined);
    return key !== undefined && content !== undefined && content.type !== "masked" ? [key] : [];
  });
}

/** What stands under the conventions' names too is theirs to tell. */
const STANDARD = [
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
];

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = kindOf(span);
  const sides = STANDARD.some((key) => attributes.has(key)) ? {} : sidesOf(kind, attributes);
  return {
    kind,
    ...(attributes.get("lk.function_tool.is_error") === true ? { status: "error" as const } : {}),
    agentName: textAt(attributes, "gen_ai.agent.name") ?? firstText(attributes, ["lk.agent_name", "lk.agent_label"]),
    toolName: kind === "tool" ? firstText(attributes, ["gen_ai.tool.name", "lk.function_tool.name"]) : undefined,
    toolCallId: kind === "tool" ? firstText(attributes, ["gen_ai.tool.call.id", "lk.function_tool.id"]) : undefined,
    ...sides,
  };
}

function claims({ scope }: SpanRecord): 0 | 3 {
  return scope.name === SCOPE ? 3 : 0;
}

/**
 * LiveKit's voice agents: sessions, turns, nodes and tools around requests that it tells in the conventions' words, with
 * cached tokens inside the input whichever the provider (conventions §7.10).
 */
export const livekit: Dialect = { name: "livekit", version: 1, claims, read };
