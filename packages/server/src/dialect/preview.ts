import type { Content, Json, Message } from "@telltale/model";
import { contentText } from "./content-text.ts";
import { jsonText } from "./json-of.ts";

/** A preview is one line of a list: longer ones are cut. */
const PREVIEW_LENGTH = 200;
/** Text looked at to make a preview; white space is folded, so more than its length. */
const LOOK_AT = PREVIEW_LENGTH * 2;
/** White space that is not one plain space: single spaces, the common case, cost no replacement. */
const FOLDABLE = /[^\S ]\s*| \s+/g;

/**
 * One line of at most 200 characters that tells a content apart in a list: what the user said
 * last, else the last message's text or tool calls; the first document; the JSON; "" when masked.
 */
export function previewOf(content: Content): string {
  switch (content.type) {
    case "masked":
      return "";
    case "text":
      return oneLine(content.text);
    case "json":
      return oneLine(typeof content.value === "string" ? content.value : contentText(content));
    case "documents":
      return oneLine(content.documents.map((each) => each.content ?? each.id ?? "").join(" · "));
    case "messages":
      return ofMessages(content.messages);
  }
}

function ofMessages(messages: readonly Message[]): string {
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message?.role !== "user") continue;
    const text = textOf(message);
    if (text !== "") return text;
  }
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    const text = message ? textOf(message) || callsOf(message) || otherOf(message) : "";
    if (text !== "") return text;
  }
  return "";
}

function textOf(message: Message): string {
  let text = "";
  for (const part of message.parts) {
    if (part.type === "text") text += (text === "" ? "" : " ") + part.content.slice(0, LOOK_AT);
    if (text.length >= LOOK_AT) break;
  }
  return oneLine(text);
}

/** Tool calls as they read in code: `get_weather({"location":"Paris"})`. */
function callsOf(message: Message): string {
  let text = "";
  for (const part of message.parts) {
    if (part.type !== "tool_call") continue;
    text += `${text === "" ? "" : ", "}${part.name}(${part.arguments === undefined ? "" : textOfJson(part.arguments)})`;
    if (text.length >= LOOK_AT) break;
  }
  return oneLine(text);
}

function otherOf(message: Message): string {
  for (const part of message.parts) {
    if (part.type === "reasoning") return oneLine(part.content);
    if (part.type === "tool_call_response") return oneLine(textOfJson(part.response ?? ""));
    if (part.type === "blob" || part.type === "uri" || part.type === "file") return `[${part.modality ?? part.type}]`;
  }
  return "";
}

function textOfJson(value: Json): string {
  return typeof value === "string" ? value : (jsonText(value) ?? "");
}

function oneLine(text: string): string {
  const line = text.slice(0, LOOK_AT).replace(FOLDABLE, " ").trim();
  if (line.length <= PREVIEW_LENGTH) return line.toWellFormed();
  return `${line.slice(0, PREVIEW_LENGTH - 1)}…`.toWellFormed();
}
