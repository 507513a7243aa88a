import { isDeepStrictEqual } from "node:util";
import type { Attributes, Content, Json, Message, MessagePart, RetrievedDocument, Span } from "@telltale/model";
import { contentText, withText } from "../dialect/content-text.ts";
import { isArray, isObject, jsonText, memberOf } from "../dialect/json-of.ts";
import { partOf } from "../dialect/message-part.ts";
import { contentKey, contentTypeKey, type Side } from "./exported-keys.ts";

/** A side's content as attributes: its type, and unless it is masked the text of it under the name that fits. */
export function contentAttributes(span: Span, side: Side): readonly (readonly [string, string])[] {
  const content = span[side];
  if (!content) return [];
  const type = [contentTypeKey(side), content.type] as const;
  if (content.type === "masked") return [type];
  const text = content.type === "messages" ? messagesText(content) : contentText(content);
  return [type, [contentKey(side, content.type, span.kind), text]];
}

/** The conventions write a part of another type as it is, where we keep it under `value`. */
function messagesText(content: Extract<Content, { type: "messages" }>): string {
  if (!content.messages.some(({ parts }) => parts.some(({ type }) => type === "generic"))) return contentText(content);
  const told = content.messages.map((message) => ({ ...message, parts: message.parts.map(bare) }));
  return jsonText(told)?.toWellFormed() ?? contentText(content);
}

function bare(part: MessagePart): Json | MessagePart {
  if (part.type !== "generic" || typeof memberOf(part.value, "type") !== "string") return part;
  return isDeepStrictEqual(partTold(part.value), part) ? part.value : part;
}

/** The content that {@link contentAttributes} told; `undefined` where it told none. */
export function contentTold(told: Attributes, side: Side, kind: Span["kind"]): Content | undefined {
  const type = told.get(contentTypeKey(side));
  if (type === "masked") return { type };
  if (typeof type !== "string") return undefined;
  const text = told.get(contentKey(side, type, kind));
  if (typeof text !== "string") return undefined;
  if (type === "text") return { type, text };
  const value = anyJson(text);
  if (value === undefined) return { type: "text", text };
  const read = type === "messages" ? messagesTold(value) : undefined;
  if (read) {
    const content: Content = { type: "messages", messages: read.messages };
    return read.asWritten ? withText(content, text) : content;
  }
  if (type === "documents" && isArray(value) && value.every(isDocument))
    return withText({ type, documents: value }, text);
  return withText({ type: "json", value }, text);
}

function anyJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Messages, and whether every part of them is written in the canonical form; `undefined` for anything else. */
function messagesTold(value: Json): { messages: readonly Message[]; asWritten: boolean } | undefined {
  if (!isArray(value)) return undefined;
  const messages: Message[] = [];
  let asWritten = true;
  for (const message of value) {
    if (!isObject(message)) return undefined;
    const { role, parts, name, finish_reason: reason } = message;
    if (typeof role !== "string" || !isArray(parts) || !isOptionalText(name) || !isOptionalText(reason))
      return undefined;
    const read = parts.map(partTold);
    asWritten &&= read.every((part, index) => part === parts[index]);
    messages.push({
      role,
      parts: read,
      ...(name === undefined ? {} : { name }),
      ...(reason === undefined ? {} : { finish_reason: reason }),
    });
  }
  return { messages, asWritten };
}

/** Members that a part of a type must have as text. */
const NEEDED: ReadonlyMap<string, string | undefined> = new Map([
  ["text", "content"],
  ["reasoning", "content"],
  ["tool_call", "name"],
  ["tool_call_response", undefined],
  ["blob", "content"],
  ["uri", "uri"],
  ["file", "file_id"],
]);

/** The part itself when it has the canonical shape, else as the conventions' reader understands it. */
function partTold(part: Json): MessagePart {
  const type = memberOf(part, "type");
  if (!isObject(part) || typeof type !== "string") return partOf(part);
  if (type === "generic" && "value" in part) return { type, value: part["value"] ?? null };
  const needed = NEEDED.get(type);
  const isWhole = needed === undefined ? NEEDED.has(type) : typeof part[needed] === "string";
  const isSound = ["id", "mime_type", "modality"].every((key) => isOptionalText(part[key]));
  return isWhole && isSound ? (part as unknown as MessagePart) : partOf(part);
}

function isOptionalText(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isDocument(value: Json): value is Json & RetrievedDocument {
  if (!isObject(value)) return false;
  const { id, content, score } = value;
  return isOptionalText(id) && isOptionalText(content) && (score === undefined || typeof score === "number");
}
