import { field, jsonOrText, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";

/** A message of the chat completions API as parts; its order is reasoning, content, tool calls. */
export function partsMessage(message: unknown, finishReason?: string): PartsMessage {
  const role = textField(message, "role") ?? "assistant";
  const name = textField(message, "name");
  return {
    role: role === "function" ? "tool" : role,
    parts: role === "tool" || role === "function" ? [toolResponse(message)] : partsOf(message),
    ...(name === undefined ? {} : { name }),
    ...(finishReason === undefined ? {} : { finish_reason: finishReason }),
  };
}

function partsOf(message: unknown): Part[] {
  const parts: Part[] = [];
  const reasoning = textField(message, "reasoning_content") ?? textField(message, "reasoning");
  if (reasoning !== undefined && reasoning !== "") parts.push({ type: "reasoning", content: reasoning });
  parts.push(...contentParts(field(message, "content")));
  const refusal = textField(message, "refusal");
  if (refusal !== undefined) parts.push({ type: "refusal", content: refusal });
  for (const call of listField(message, "tool_calls"))
    parts.push(toolCall(field(call, "function") ?? field(call, "custom"), textField(call, "id")));
  const legacy = field(message, "function_call");
  if (recordOf(legacy) !== undefined) parts.push(toolCall(legacy, undefined));
  const audio = field(message, "audio");
  if (recordOf(audio) !== undefined) parts.push(audioPart(audio));
  return parts;
}

/** A tool call; arguments as JSON where they are JSON, else as the text that came. */
export function toolCall(called: unknown, id: string | undefined): Part {
  const text = textField(called, "arguments") ?? textField(called, "input");
  return {
    type: "tool_call",
    ...(id === undefined ? {} : { id }),
    name: textField(called, "name") ?? "",
    ...(text === undefined || text === "" ? {} : { arguments: jsonOrText(text) }),
  };
}

function toolResponse(message: unknown): Part {
  const id = textField(message, "tool_call_id");
  const content = field(message, "content");
  const response = Array.isArray(content) ? contentParts(content) : content;
  return { type: "tool_call_response", ...(id === undefined ? {} : { id }), response: response ?? null };
}

/** Content as text or as a list of typed parts, of both APIs of OpenAI. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return (content as readonly unknown[]).map((part) => contentPart(part));
}

function contentPart(part: unknown): Part {
  const type = textField(part, "type") ?? "";
  if (type === "text" || type === "input_text" || type === "output_text") {
    return { type: "text", content: textField(part, "text") ?? "" };
  }
  if (type === "image_url") return imagePart(textField(field(part, "image_url"), "url"), part);
  if (type === "input_image") return imagePart(textField(part, "image_url"), part);
  if (type === "input_audio") return audioPart(field(part, "input_audio"));
  if (type === "file" || type === "input_file") return filePart(field(part, "file") ?? part);
  if (type === "refusal") return { type: "refusal", content: textField(part, "refusal") ?? "" };
  return { ...recordOf(part), type: type === "" ? "unknown" : type };
}

function imagePart(url: string | undefined, part: unknown): Part {
  const fileId = textField(part, "file_id");
  if (fileId !== undefined) return { type: "file", modality: "image", file_id: fileId };
  if (url === undefined) return { type: "image" };
  const data = /^data:([^;,]*)[^,]*,/.exec(url);
  if (data === null) return { type: "uri", modality: "image", uri: url };
  return leftOutMedia(data[1], { base64: url.slice(data[0].length) }, "image");
}

function audioPart(audio: unknown): Part {
  const format = textField(audio, "format");
  const base64 = textField(audio, "data") ?? "";
  const part = leftOutMedia(format === undefined ? undefined : `audio/${format}`, { base64 }, "audio");
  const transcript = textField(audio, "transcript");
  return transcript === undefined ? part : { ...part, transcript };
}

function filePart(file: unknown): Part {
  const fileId = textField(file, "file_id");
  if (fileId !== undefined) return { type: "file", modality: "document", file_id: fileId };
  const url = textField(file, "file_url");
  if (url !== undefined) return { type: "uri", modality: "document", uri: url };
  return leftOutMedia(undefined, { base64: textField(file, "file_data") ?? "" }, "document");
}
