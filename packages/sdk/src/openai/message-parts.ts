import { field, jsonOrText, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia, mediaOfDataUrl, withoutMedia } from "../span/media.ts";

/** A message of the chat completions API as parts; its order is reasoning, content, tool calls. */
export function partsMessage(message: unknown, finishReason?: string): PartsMessage {
  const role = textField(message, "role") ?? "assistant";
  const name = textField(message, "name");
  const isAnswerOfTool = role === "tool" || role === "function";
  const told: { -readonly [field in keyof PartsMessage]: PartsMessage[field] } = {
    role: isAnswerOfTool ? "tool" : role,
    parts: isAnswerOfTool ? [toolResponse(message)] : partsOf(message),
  };
  if (name !== undefined) told.name = name;
  if (finishReason !== undefined) told.finish_reason = finishReason;
  return told;
}

function partsOf(message: unknown): Part[] {
  const content = field(message, "content");
  const told = Object.keys(recordOf(message) ?? {});
  // Most messages of a request: nothing is looked for in them that is not there.
  return told.length <= 2 && typeof content === "string" && told.includes("role")
    ? contentParts(content)
    : allPartsOf(message);
}

function allPartsOf(message: unknown): Part[] {
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
  // Pictures that a model drew, as OpenRouter hands them on.
  parts.push(...contentParts(field(message, "images")));
  return parts;
}

/** A tool call; arguments as JSON where they are JSON, else as the text that came. */
export function toolCall(called: unknown, id: string | undefined): Part {
  const given = field(called, "arguments") ?? field(called, "input");
  // Mistral and Ollama take and give an object where OpenAI has its text.
  const text = typeof given === "string" ? given : given === undefined ? undefined : JSON.stringify(given);
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
  if (type === "image_url") return imagePart(urlIn(part, "image_url"), part);
  if (type === "input_image") return imagePart(textField(part, "image_url"), part);
  if (type === "input_audio") return audioPart(field(part, "input_audio"));
  if (type === "video_url") return addressPart(urlIn(part, "video_url"), "video");
  if (type === "document_url") return addressPart(urlIn(part, "document_url"), "document");
  if (type === "thinking") return { type: "reasoning", content: thinkingText(field(part, "thinking")) };
  if (type === "file" || type === "input_file") return filePart(field(part, "file") ?? part);
  if (type === "refusal") return { type: "refusal", content: textField(part, "refusal") ?? "" };
  return { ...recordOf(withoutMedia(part)), type: type === "" ? "unknown" : type };
}

/** `{ url }`, or the address itself, as Mistral allows. */
function urlIn(part: unknown, name: string): string | undefined {
  return textField(field(part, name), "url") ?? textField(part, name);
}

/** Mistral's reasoning: a text, or a list of texts. */
function thinkingText(thinking: unknown): string {
  if (typeof thinking === "string") return thinking;
  if (!Array.isArray(thinking)) return "";
  return thinking.map((piece) => textField(piece, "text") ?? "").join("");
}

function addressPart(url: string | undefined, modality: string): Part {
  if (url === undefined) return { type: modality };
  return mediaOfDataUrl(url, modality) ?? { type: "uri", modality, uri: url };
}

function imagePart(url: string | undefined, part: unknown): Part {
  const fileId = textField(part, "file_id");
  if (fileId !== undefined) return { type: "file", modality: "image", file_id: fileId };
  return addressPart(url, "image");
}

function audioPart(audio: unknown): Part {
  if (typeof audio === "string") return audioAddress(audio);
  const format = textField(audio, "format");
  const base64 = textField(audio, "data") ?? "";
  const part = leftOutMedia(format === undefined ? undefined : `audio/${format}`, { base64 }, "audio");
  const transcript = textField(audio, "transcript");
  return transcript === undefined ? part : { ...part, transcript };
}

/** Mistral has an address or base64 here. */
function audioAddress(audio: string): Part {
  if (/^(?:https?|data):/.test(audio)) return addressPart(audio, "audio");
  return leftOutMedia(undefined, { base64: audio }, "audio");
}

function filePart(file: unknown): Part {
  const fileId = textField(file, "file_id");
  if (fileId !== undefined) return { type: "file", modality: "document", file_id: fileId };
  const url = textField(file, "file_url");
  if (url !== undefined) return { type: "uri", modality: "document", uri: url };
  const data = textField(file, "file_data") ?? "";
  return mediaOfDataUrl(data, "document") ?? leftOutMedia(undefined, { base64: data }, "document");
}
