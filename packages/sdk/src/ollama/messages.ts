import { field, listField, textField } from "../json/read-json.ts";
import { toolCall } from "../openai/message-parts.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";
import type { OllamaAnswer } from "./answer.ts";

/** The messages of a chat request. */
export function chatInput(request: unknown): PartsMessage[] {
  return listField(request, "messages").map((message) => {
    const role = textField(message, "role") ?? "user";
    const name = textField(message, "tool_name") ?? textField(message, "name");
    const parts = role === "tool" ? [toolResponse(message)] : partsOf(message);
    return { role, parts, ...(name === undefined ? {} : { name }) };
  });
}

/** The prompt of a completion, with its pictures and what is to follow it. */
export function generateInput(request: unknown): PartsMessage[] {
  const prompt = textField(request, "prompt") ?? "";
  const suffix = textField(request, "suffix") ?? "";
  const parts: Part[] = prompt === "" ? [] : [{ type: "text", content: prompt }];
  parts.push(...imageParts(listField(request, "images")));
  if (suffix !== "") parts.push({ type: "suffix", content: suffix });
  return parts.length === 0 ? [] : [{ role: "user", parts }];
}

/** What the model said. */
export function outputMessage(answer: OllamaAnswer): PartsMessage {
  const { role, content, thinking, calls, doneReason } = answer;
  const parts = [...partsOf({ content, thinking, tool_calls: calls }), ...imageParts(answer.images)];
  return { role, parts, ...(doneReason === undefined ? {} : { finish_reason: doneReason }) };
}

function partsOf(message: unknown): Part[] {
  const parts: Part[] = [];
  const thinking = textField(message, "thinking") ?? "";
  const content = textField(message, "content") ?? "";
  if (thinking !== "") parts.push({ type: "reasoning", content: thinking });
  if (content !== "") parts.push({ type: "text", content });
  parts.push(...imageParts(listField(message, "images")));
  for (const call of listField(message, "tool_calls")) {
    parts.push(toolCall(field(call, "function"), textField(call, "id")));
  }
  return parts;
}

/** Base64 without a word of what kind of picture it is. */
function imageParts(images: readonly unknown[]): Part[] {
  return images.map((image) => leftOutMedia(undefined, { base64: typeof image === "string" ? image : "" }, "image"));
}

function toolResponse(message: unknown): Part {
  const id = textField(message, "tool_call_id");
  const response = field(message, "content") ?? null;
  return { type: "tool_call_response", ...(id === undefined ? {} : { id }), response };
}
