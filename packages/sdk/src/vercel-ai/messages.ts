import { listOf, property, textOf } from "../hook/read-object.ts";
import { jsonOrText } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";

/** Messages of the AI SDK, before or after its own standardization, in the conventions' shape. */
export function messagesOf(messages: readonly unknown[]): PartsMessage[] {
  return messages.map((message) => ({
    role: textOf(message, "role") ?? "user",
    parts: partsOf(property(message, "content")),
  }));
}

/** The content of a message or of an answer: a text, or a list of the AI SDK's parts. */
export function partsOf(content: unknown): Part[] {
  if (typeof content === "string") return [{ type: "text", content }];
  return Array.isArray(content) ? content.map((part) => partOf(part)) : [];
}

function partOf(part: unknown): Part {
  const type = textOf(part, "type") ?? "text";
  if (type === "text" || type === "reasoning") return { type, content: textOf(part, "text") ?? "" };
  if (type === "tool-call") {
    const input = property(part, "input") ?? property(part, "args");
    const told = typeof input === "string" ? jsonOrText(input) : (input ?? null);
    return { type: "tool_call", id: textOf(part, "toolCallId"), name: textOf(part, "toolName"), arguments: told };
  }
  if (type === "tool-result" || type === "tool-error") {
    const output = property(part, "output") ?? property(part, "result");
    const response = property(output, "value") ?? output ?? null;
    return { type: "tool_call_response", id: textOf(part, "toolCallId"), response };
  }
  if (type === "image" || type === "file") return mediaPart(part, type);
  if (type === "source") return { type, url: textOf(part, "url"), title: textOf(part, "title") };
  return { type };
}

function mediaPart(part: unknown, type: "image" | "file"): Part {
  const mimeType = textOf(part, "mediaType") ?? textOf(part, "mimeType");
  const data = property(part, "image") ?? property(part, "data") ?? property(property(part, "file"), "base64");
  const modality = type === "image" ? "image" : undefined;
  if (data instanceof URL || (typeof data === "string" && /^https?:/.test(data))) {
    return { type: "uri", mime_type: mimeType, modality: modality ?? "document", uri: String(data) };
  }
  const size = ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? { bytes: data.byteLength } : undefined;
  return leftOutMedia(mimeType, size ?? { base64: typeof data === "string" ? data : "" }, modality);
}

/** Instructions are a text, a system message or several. */
export function instructionsOf(instructions: unknown): string | undefined {
  if (typeof instructions === "string") return instructions;
  const all = Array.isArray(instructions) ? (instructions as readonly unknown[]) : [instructions];
  const text = all.map((message) => textOf(message, "content") ?? "").join("\n\n");
  return text === "" ? undefined : text;
}

/** The text in the content of an answer. */
export function answerText(content: unknown): string {
  return listOf({ content }, "content")
    .map((part) => (textOf(part, "type") === "text" ? (textOf(part, "text") ?? "") : ""))
    .join("");
}
