import type { Attributes, AttributeValue, Content, Json, Message, MessagePart } from "@telltale/model";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";
import { contentOfJson } from "./content.ts";
import type { JsonObject } from "./json-of.ts";
import { isArray, isMap, isObject, jsonOf, jsonText, memberOf, objectIn, parseJson, textIn } from "./json-of.ts";
import { argumentsOf, toolResponse } from "./message-part.ts";
import { messageOf } from "./messages.ts";

/** One event of the GenAI conventions, told as a span event or as a log record. */
export interface GenAiEvent {
  readonly name: string;
  readonly attributes: Attributes;
  readonly body: AttributeValue;
}

const DETAILS = "gen_ai.client.inference.operation.details";
/** Events of conventions §1.4 that tell one message → the role it stands for. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["gen_ai.system.message", "system"],
  ["gen_ai.user.message", "user"],
  ["gen_ai.assistant.message", "assistant"],
  ["gen_ai.tool.message", "tool"],
]);

/** The GenAI events of a span, from its events and its log records, in the order they were told. */
export function genAiEvents(span: SpanRecord, logs: readonly LogRecord[]): readonly GenAiEvent[] {
  const events: GenAiEvent[] = [];
  for (const { name, attributes } of span.events) {
    if (name.startsWith("gen_ai.")) events.push({ name, attributes, body: null });
  }
  for (const { eventName, attributes, body } of logs) {
    if (eventName.startsWith("gen_ai.")) events.push({ name: eventName, attributes, body });
  }
  return events;
}

/** Keys of which several events may each tell a part: OpenAI's streamed answer item by item. */
const LISTS = new Set(["gen_ai.input.messages", "gen_ai.output.messages"]);

/** The span's attributes with those added that only an `operation.details` event or a content event tells. */
export function withEventAttributes(attributes: Attributes, events: readonly GenAiEvent[]): Attributes {
  let joined: Map<string, AttributeValue> | undefined;
  for (const event of events) {
    if (event.name !== DETAILS && !event.name.startsWith("gen_ai.content.")) continue;
    joined ??= new Map(attributes);
    addMissing(joined, event.attributes, attributes);
    if (isMap(event.body)) addMissing(joined, event.body, attributes);
  }
  return joined ?? attributes;
}

function addMissing(into: Map<string, AttributeValue>, from: Attributes, own: Attributes): void {
  for (const [key, value] of from) {
    if (!key.startsWith("gen_ai.") || own.has(key)) continue;
    const before = into.get(key);
    if (before === undefined) into.set(key, value);
    else if (LISTS.has(key)) into.set(key, jsonText(appended(before, value)) ?? before);
  }
}

/** Two lists as one; a list that was told before is not told again. */
function appended(before: AttributeValue, more: AttributeValue): readonly Json[] {
  const first = listOf(before);
  const told = new Set(first.map(jsonText));
  return [...first, ...listOf(more).filter((item) => !told.has(jsonText(item)))];
}

function listOf(value: AttributeValue): readonly Json[] {
  const json = typeof value === "string" ? parseJson(value) : jsonOf(value);
  return isArray(json) ? json : [];
}

/** Messages told one by one in events; absent lists had none. */
export interface EventMessages {
  readonly input: readonly Message[];
  readonly output: readonly Message[];
  readonly finishReason?: string;
}

/** Reads the per-message events of the conventions up to 1.36 (and Strands). */
export function eventMessages(events: readonly GenAiEvent[]): EventMessages {
  const input: Message[] = [];
  const output: [number, Message][] = [];
  let finishReason: string | undefined;
  for (const event of events) {
    const role = ROLES.get(event.name);
    if (role === undefined && event.name !== "gen_ai.choice") continue;
    const told = objectOf(event);
    if (role !== undefined) {
      const message = eventMessage(told, role);
      if (message) input.push(message);
      continue;
    }
    const reason = textIn(told, "finish_reason");
    finishReason ??= reason;
    const message = choiceMessage(told, reason);
    const index = memberOf(told, "index");
    if (message) output.push([typeof index === "number" ? index : output.length, message]);
  }
  output.sort((a, b) => a[0] - b[0]);
  return {
    input,
    output: output.map(([, message]) => message),
    ...(finishReason === undefined ? {} : { finishReason }),
  };
}

/** What a tool was given and gave, where its span tells it in events as Strands does: not a message of a talk. */
export function toolEvents(events: readonly GenAiEvent[]): {
  input?: Content | undefined;
  output?: Content | undefined;
} {
  const given = events.find(({ name }) => name === "gen_ai.tool.message");
  const gave = events.find(({ name }) => name === "gen_ai.choice");
  return {
    input: given && contentOfJson(objectOf(given)["content"]),
    output: gave && contentOfJson(plainText(objectOf(gave)["message"] ?? null)),
  };
}

/** The event's body, or its attributes where the body is empty; JSON texts among them are read. */
function objectOf(event: GenAiEvent): JsonObject {
  const body = jsonOf(event.body);
  const parsed = typeof body === "string" ? parseJson(body) : body;
  const base = isObject(parsed) ? parsed : typeof body === "string" && body !== "" ? { content: body } : {};
  const told: Record<string, Json> = Object.create(null);
  for (const [key, value] of event.attributes) {
    const json = jsonOf(value);
    told[key] = typeof json === "string" ? (structured(json) ?? json) : json;
  }
  return Object.assign(told, base);
}

function structured(text: string): Json | undefined {
  const parsed = parseJson(text);
  return typeof parsed === "string" ? undefined : parsed;
}

function eventMessage(told: JsonObject, role: string): Message | undefined {
  const id = textIn(told, "id");
  if (role === "tool") {
    const content = memberOf(told, "content");
    if (content === undefined || content === null) return undefined;
    return { role, parts: [toolResponse(id, argumentsOf(plainText(content)))] };
  }
  return filled(messageOf({ role, content: told["content"] ?? null, tool_calls: told["tool_calls"] ?? null }));
}

/** A choice: `message` in the body, JSON of one in an attribute, or the message's own members. */
function choiceMessage(told: JsonObject, reason: string | undefined): Message | undefined {
  const inner = memberOf(told, "message");
  const source = isObject(inner)
    ? inner
    : { content: inner ?? told["content"] ?? null, tool_calls: told["tool_calls"] ?? null };
  const message = filled(messageOf({ ...source, role: textIn(source, "role") ?? "assistant" }));
  const result = memberOf(told, "tool.result");
  const parts: readonly MessagePart[] = result === undefined ? [] : [toolResponse(undefined, result)];
  if (!message && parts.length === 0) return undefined;
  const joined: Message = { role: message?.role ?? "tool", parts: [...(message?.parts ?? []), ...parts] };
  return reason === undefined ? joined : { ...joined, finish_reason: reason };
}

function filled(message: Message | undefined): Message | undefined {
  return message && message.parts.length > 0 ? message : undefined;
}

function plainText(content: Json): Json {
  if (!isArray(content)) return content;
  const texts = content.map((part) => textIn(part, "text") ?? textIn(objectIn(part, "json"), "text"));
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts.join("\n") : content;
}
