import type { Attributes, Content } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { numberOf, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent, ofMessages } from "../dialect/content.ts";
import { isArray, isObject, memberOf, parseJson, textIn } from "../dialect/json-of.ts";
import { messageOf } from "../dialect/messages.ts";
import { isMaskedText } from "../dialect/masked.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const WHOLE = ["pydantic_ai.all_messages", "all_messages"];
const EVENTS = ["all_messages_events", "events"];
/** Logfire counts levels as OpenTelemetry's logs do: 17 is the first of the errors. */
const ERROR_LEVEL = 17;
const OWN_KEYS = ["final_result", "tool_arguments", "tool_response", ...WHOLE, ...EVENTS];

/** Both sides of a conversation, and the keys that told them. */
interface Talk {
  readonly input?: Content | undefined;
  readonly output?: Content | undefined;
  readonly consumed: readonly string[];
}

/** A conversation with its answer at the end, parted there. */
function parted(content: Content | undefined, key: string): Talk {
  if (content?.type !== "messages") return { input: content, consumed: content?.type === "json" ? [key] : [] };
  const last = content.messages.at(-1);
  const isAnswer = last?.role === "assistant";
  const before = isAnswer ? content.messages.slice(0, -1) : content.messages;
  return { input: ofMessages(before), output: isAnswer ? ofMessages([last]) : undefined, consumed: [key] };
}

/** Versions 2 and later: the messages of the conventions; the run's own result beside them. */
function wholeTalk(attributes: Attributes): Talk | undefined {
  for (const key of WHOLE) {
    const content = messagesContent(attributes.get(key), "user");
    if (content) return parted(content, key);
  }
  return undefined;
}

/** Version 1: the events of the older conventions, as JSON in one attribute. */
function eventTalk(attributes: Attributes): Talk | undefined {
  for (const key of EVENTS) {
    const told = textAt(attributes, key);
    const list = told === undefined ? undefined : parseJson(told);
    if (!isArray(list)) continue;
    const messages = list.flatMap((event) => {
      if (!isObject(event)) return [];
      const isChoice = textIn(event, "event.name") === "gen_ai.choice";
      return messageOf(isChoice ? (memberOf(event, "message") ?? null) : event) ?? [];
    });
    if (messages.length > 0) return parted(ofMessages(messages), key);
  }
  return undefined;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  const talk = wholeTalk(attributes) ?? eventTalk(attributes);
  const result = anyContent(attributes.get("final_result"));
  const level = numberOf(attributes.get("logfire.level_num"));
  const tool = kind === "tool";
  return {
    kind,
    ...(level !== undefined && level >= ERROR_LEVEL ? { status: "error" as const } : {}),
    agentName: textAt(attributes, "gen_ai.agent.name") ?? textAt(attributes, "agent_name"),
    requestModel: kind === "agent" ? textAt(attributes, "model_name") : undefined,
    input: tool ? anyContent(attributes.get("tool_arguments")) : talk?.input,
    output: tool ? anyContent(attributes.get("tool_response")) : (result ?? talk?.output),
    consumed: [
      ...(talk?.consumed ?? []),
      ...["final_result", "tool_arguments", "tool_response"].filter((key) => isUsed(attributes, key, tool)),
    ],
  };
}

function isUsed(attributes: Attributes, key: string, isTool: boolean): boolean {
  const value = attributes.get(key);
  if (value === undefined || (typeof value === "string" && (value === "" || isMaskedText(value)))) return false;
  return (key === "final_result") !== isTool && anyContent(value) !== undefined;
}

/** Its spans speak GenAI but for what stands here, so that the gen-ai dialect fills the rest. */
function claims({ scope, attributes }: SpanRecord): 0 | 1 | 3 {
  if (scope.name === "pydantic-ai") return 3;
  if (attributes.has("logfire.level_num")) return 1;
  return attributes.has("logfire.msg") && OWN_KEYS.some((key) => attributes.has(key)) ? 3 : 0;
}

/** Pydantic AI in its versions 1 to 6, and Logfire's levels (conventions §7.5). */
export const pydanticAi: Dialect = { name: "pydantic-ai", version: 2, claims, read };
