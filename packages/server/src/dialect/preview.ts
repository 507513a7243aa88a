import type { Content, Json, Message } from "@telltale/model";
import { contentText } from "./content-text.ts";
import { jsonText } from "./json-of.ts";

/** A preview is one line of a list: longer ones are cut. */
const PREVIEW_LENGTH = 200;
/** Text looked at to make a preview; white space is folded, so more than its length. */
const LOOK_AT = PREVIEW_LENGTH * 2;

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

/** White space folded to single spaces, by hand: an expression takes three times as long, and each span has two. */
function oneLine(text: string): string {
  const length = Math.min(text.length, LOOK_AT);
  let line = "";
  for (let from = 0; from < length && line.length <= PREVIEW_LENGTH;) {
    const start = skipSpace(text, from, length);
    // One character more than fits tells that the line is cut.
    const end = endOfRun(text, start, Math.min(length, start + PREVIEW_LENGTH + 1 - line.length));
    if (start < end) line += (line === "" ? "" : " ") + text.slice(start, end);
    from = end;
  }
  if (line.length > PREVIEW_LENGTH) line = `${line.slice(0, PREVIEW_LENGTH - 1)}…`;
  return line.toWellFormed();
}

function isSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return unit >= 0xa0 && /\s/.test(String.fromCharCode(unit));
}

function skipSpace(text: string, from: number, to: number): number {
  let index = from;
  while (index < to && isSpace(text.charCodeAt(index))) index++;
  return index;
}

/** Where white space that must be folded begins: single spaces between words stay inside. */
function endOfRun(text: string, from: number, to: number): number {
  for (let index = from; index < to; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x20 && unit < 0xa0) continue;
    if (!isSpace(unit)) continue;
    if (unit !== 0x20 || index + 1 >= to || isSpace(text.charCodeAt(index + 1))) return index;
  }
  return to;
}
