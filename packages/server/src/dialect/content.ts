import type { AttributeValue, Content, Json, Message, MessagePart } from "@telltale/model";
import { knownText, withText } from "./content-text.ts";
import { isArray, jsonOf, jsonText, parseJson } from "./json-of.ts";
import { areMasked, isMaskedText } from "./masked.ts";
import { partsOf } from "./message-part.ts";
import { areCanonical, messagesOf } from "./messages.ts";
import { isVector } from "./vectors.ts";

/** Some senders write JSON of JSON; more than this is not a sender's mistake any more. */
const MAX_ENCODINGS = 3;

/** Reads a list of messages, a request or a response; `undefined` when the value is none of these. */
export type MessageReader = (value: Json) => readonly Message[] | undefined;

/**
 * The content of an attribute that may be anything: JSON where it is JSON, else text.
 * Absent for an empty value and for an embedding vector; masked for a sentinel.
 */
export function anyContent(value: AttributeValue | undefined): Content | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return jsonContent(jsonOf(value));
  if (isMaskedText(value)) return { type: "masked" };
  const parsed = parseJson(value);
  if (parsed === undefined) return { type: "text", text: value };
  if (typeof parsed === "string") return parsed === "" ? undefined : { type: "text", text: parsed };
  const content = jsonContent(parsed);
  return content && withText(content, value);
}

/** The content of a JSON value: a text is read like an attribute's, null is none. */
export function contentOfJson(value: Json | undefined): Content | undefined {
  if (typeof value === "string") return anyContent(value);
  return value === undefined || value === null ? undefined : jsonContent(value);
}

function jsonContent(value: Json): Content | undefined {
  if (isArray(value) && isVector(value)) return undefined;
  return { type: "json", value };
}

/** The content of an attribute that is plain text, whatever it looks like. */
export function plainContent(value: AttributeValue | undefined): Content | undefined {
  if (typeof value !== "string") return anyContent(value);
  if (value === "") return undefined;
  return isMaskedText(value) ? { type: "masked" } : { type: "text", text: value };
}

/**
 * The content of an attribute that holds messages: a structured value, JSON, JSON of JSON, or a
 * bare text, which is then said by `role`. What is JSON but holds no messages becomes json.
 */
export function messagesContent(
  value: AttributeValue | undefined,
  role: string,
  read: MessageReader = messagesOf,
): Content | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return fromJson(jsonOf(value), read, undefined);
  if (isMaskedText(value)) return { type: "masked" };
  let text = value;
  let parsed = parseJson(text);
  for (let round = 1; typeof parsed === "string" && round < MAX_ENCODINGS; round++) {
    text = parsed;
    parsed = parseJson(text);
  }
  if (parsed === undefined || typeof parsed === "string") return saidBy(role, parsed ?? text);
  return fromJson(parsed, read, text);
}

function fromJson(value: Json, read: MessageReader, text: string | undefined): Content | undefined {
  if (isArray(value) && value.length === 0) return undefined;
  if (areCanonical(value)) {
    const content = ofMessages(value);
    return text === undefined || content === undefined ? content : withText(content, text);
  }
  const messages = read(value);
  if (messages && messages.length > 0) return ofMessages(messages);
  return text === undefined ? { type: "json", value } : withText({ type: "json", value }, text);
}

/** Content of messages; absent when nothing is said in them, masked when all of it is hidden. */
export function ofMessages(messages: readonly Message[]): Content | undefined {
  if (!messages.some((message) => message.parts.some(saysSomething))) return undefined;
  return areMasked(messages) ? { type: "masked" } : { type: "messages", messages };
}

function saysSomething(part: MessagePart): boolean {
  return (part.type !== "text" && part.type !== "reasoning") || part.content !== "";
}

/** One text as a message. */
export function saidBy(role: string, text: string): Content | undefined {
  if (text === "") return undefined;
  return ofMessages([{ role, parts: [{ type: "text", content: text }] }]);
}

/** The parts of an attribute that holds system instructions: a bare text, or parts in any form. */
export function systemParts(value: AttributeValue | undefined): readonly MessagePart[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value !== "string") return partsOf(jsonOf(value));
  if (isMaskedText(value)) return [];
  const parsed = parseJson(value);
  const messages = messagesOf(parsed);
  if (messages) return messages.flatMap((message) => message.parts);
  return partsOf(parsed ?? value);
}

/**
 * Puts the system's words before the messages. Some senders tell them twice: when the messages
 * have a system message, or somebody says the same there already, they stay as they are.
 */
export function withSystem(content: Content | undefined, parts: readonly MessagePart[]): Content | undefined {
  if (parts.length === 0) return content;
  const system: Message = { role: "system", parts };
  if (!content) return { type: "messages", messages: [system] };
  if (content.type !== "messages") return content;
  if (content.messages.some((message) => message.role === "system" || message.role === "developer")) return content;
  const joined: Content = { type: "messages", messages: [system, ...content.messages] };
  const text = knownText(content);
  const start = text?.indexOf("[") ?? -1;
  const first = jsonText(system);
  if (text === undefined || first === undefined || start < 0) return joined;
  return withText(joined, `[${first},${text.slice(start + 1)}`);
}
