import type { Json, MessagePart } from "@telltale/model";
import type { JsonObject } from "./json-of.ts";
import { isArray, isObject, memberOf, objectIn, parseJson, textIn } from "./json-of.ts";

/** Reads one part of a message of some vendor; `undefined` says that it is not this shape. */
type PartReader = (part: JsonObject) => MessagePart | undefined;

/** Parts of a message's content: a text, one part, or a list of them in any vendor's shape. */
export function partsOf(content: Json | undefined): MessagePart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (isArray(content)) return content.flatMap((part) => (part === null ? [] : [partOf(part)]));
  if (isObject(content)) return [partOf(content)];
  return content === undefined || content === null ? [] : [{ type: "text", content: String(content) }];
}

/** One part in any vendor's shape; what is not understood is kept as `generic`. */
export function partOf(part: Json): MessagePart {
  if (typeof part === "string") return { type: "text", content: part };
  if (!isObject(part)) return { type: "generic", value: part };
  const type = textIn(part, "type");
  const read = type === undefined ? readUntyped : READERS.get(type);
  return read?.(part) ?? { type: "generic", value: part };
}

/** Arguments of a tool call: a JSON text is read, anything else stays as it is. */
export function argumentsOf(told: Json | undefined): Json | undefined {
  if (typeof told !== "string") return told;
  return parseJson(told) ?? told;
}

/** A tool call as OpenAI writes it (`function: {name, arguments}`), or flat. */
export function toolCallOf(call: Json): MessagePart {
  const told = objectIn(call, "function") ?? (isObject(call) ? call : undefined);
  const name = textIn(told, "name") ?? textIn(call, "toolName") ?? textIn(call, "tool_name");
  if (!told || name === undefined) return { type: "generic", value: call };
  const id =
    textIn(call, "id") ?? textIn(call, "call_id") ?? textIn(call, "toolCallId") ?? textIn(call, "tool_call_id");
  const given =
    memberOf(told, "arguments") ?? memberOf(told, "args") ?? memberOf(told, "input") ?? memberOf(told, "parameters");
  const parsed = argumentsOf(given);
  return {
    type: "tool_call",
    ...(id === undefined ? {} : { id }),
    name,
    ...(parsed === undefined ? {} : { arguments: parsed }),
  };
}

/** The answer to a tool call. */
export function toolResponse(id: string | undefined, response: Json | undefined): MessagePart {
  return {
    type: "tool_call_response",
    ...(id === undefined ? {} : { id }),
    ...(response === undefined ? {} : { response }),
  };
}

function text(part: JsonObject): MessagePart | undefined {
  const content = memberOf(part, "content") ?? memberOf(part, "text");
  return typeof content === "string" ? { type: "text", content } : undefined;
}

function reasoning(part: JsonObject): MessagePart | undefined {
  const content =
    memberOf(part, "content") ?? memberOf(part, "text") ?? memberOf(part, "thinking") ?? memberOf(part, "reasoning");
  if (typeof content === "string") return { type: "reasoning", content };
  const summary = memberOf(part, "summary") ?? content;
  if (!isArray(summary) || summary.length === 0) return undefined;
  return { type: "reasoning", content: summary.map((each) => textIn(each, "text") ?? "").join("\n") };
}

function toolResult(part: JsonObject): MessagePart {
  const id = textIn(part, "id") ?? textIn(part, "tool_use_id") ?? textIn(part, "toolCallId") ?? textIn(part, "call_id");
  const given =
    memberOf(part, "response") ?? memberOf(part, "result") ?? memberOf(part, "output") ?? memberOf(part, "content");
  const wrapped = isObject(given) && "type" in given && "value" in given ? given["value"] : given;
  return toolResponse(id, argumentsOf(wrapped));
}

/** Media by URL, by `data:` URL, by base64 or by the id of a file. */
function media(modality: string, part: JsonObject): MessagePart | undefined {
  const inner = objectIn(part, modality) ?? objectIn(part, `${modality}_url`) ?? objectIn(part, `input_${modality}`);
  const source = objectIn(part, "source") ?? inner ?? part;
  const mime =
    textIn(source, "mime_type") ??
    textIn(source, "media_type") ??
    textIn(part, "mediaType") ??
    textIn(part, "mimeType");
  const about = { ...(mime === undefined ? {} : { mime_type: mime }), modality };
  const uri = textIn(source, "uri") ?? textIn(source, "url") ?? textIn(part, `${modality}_url`) ?? textIn(part, "url");
  if (uri?.startsWith("data:")) return dataUrl(uri, modality);
  if (uri) return { type: "uri", ...about, uri };
  const file = textIn(source, "file_id") ?? textIn(part, "file_id");
  if (file) return { type: "file", ...about, file_id: file };
  const content =
    textIn(source, "data") ?? textIn(source, "content") ?? textIn(source, "file_data") ?? textIn(part, modality);
  if (content === undefined) return undefined;
  if (content.startsWith("data:")) return dataUrl(content, modality);
  return /^https?:\/\//.test(content) ? { type: "uri", ...about, uri: content } : { type: "blob", ...about, content };
}

/** RFC 2397: `data:<mime>;base64,<content>`. */
function dataUrl(url: string, modality: string): MessagePart {
  const match = /^data:([^;,]{0,100})(?:;[^,;]{0,100}){0,5};base64,/.exec(url);
  if (!match) return { type: "uri", modality, uri: url };
  const content = url.slice(match[0].length);
  return { type: "blob", ...(match[1] ? { mime_type: match[1] } : {}), modality, content };
}

/** The conventions' own media parts: complete already, or not media. */
function conventional(part: JsonObject): MessagePart | undefined {
  const modality = textIn(part, "modality") ?? "document";
  const mime = textIn(part, "mime_type");
  const about = { ...(mime === undefined ? {} : { mime_type: mime }), modality };
  const content = memberOf(part, "content") ?? memberOf(part, "data");
  const uri = textIn(part, "uri");
  const file = textIn(part, "file_id");
  if (part["type"] === "blob") return typeof content === "string" ? { type: "blob", ...about, content } : undefined;
  if (part["type"] === "uri") return uri === undefined ? undefined : { type: "uri", ...about, uri };
  return file === undefined ? media("document", part) : { type: "file", ...about, file_id: file };
}

/** Gemini and Bedrock name a part by its only member. */
function readUntyped(part: JsonObject): MessagePart | undefined {
  const call = objectIn(part, "functionCall") ?? objectIn(part, "toolUse");
  if (call) {
    const id = textIn(call, "toolUseId");
    return toolCallOf(id === undefined ? call : { ...call, id });
  }
  const result = objectIn(part, "functionResponse") ?? objectIn(part, "toolResult");
  if (result) return toolResult({ ...result, id: textIn(result, "id") ?? textIn(result, "toolUseId") ?? null });
  const inline = objectIn(part, "inlineData") ?? objectIn(part, "inline_data");
  if (inline) {
    const mime = textIn(inline, "mimeType") ?? textIn(inline, "mime_type");
    const content = textIn(inline, "data");
    const modality = mime?.split("/")[0] ?? "document";
    if (content) return { type: "blob", ...(mime === undefined ? {} : { mime_type: mime }), modality, content };
  }
  const content = memberOf(part, "text") ?? memberOf(part, "content");
  if (typeof content !== "string") return undefined;
  return part["thought"] === true ? { type: "reasoning", content } : { type: "text", content };
}

const READERS: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ["text", text],
  ["input_text", text],
  ["output_text", text],
  ["reasoning", reasoning],
  ["thinking", reasoning],
  ["summary_text", reasoning],
  ["tool_call", toolCallOf],
  ["tool-call", toolCallOf],
  ["tool_use", toolCallOf],
  ["function", toolCallOf],
  ["function_call", toolCallOf],
  ["tool_call_response", toolResult],
  ["tool-result", toolResult],
  ["tool_result", toolResult],
  ["function_call_output", toolResult],
  ["image", (part) => media("image", part)],
  ["image_url", (part) => media("image", part)],
  ["input_image", (part) => media("image", part)],
  ["audio", (part) => media("audio", part)],
  ["input_audio", (part) => media("audio", part)],
  ["video", (part) => media("video", part)],
  ["document", (part) => media("document", part)],
  ["input_file", (part) => media("document", part)],
  ["blob", conventional],
  ["uri", conventional],
  ["file", conventional],
  ["generic", (part) => ("value" in part ? { type: "generic", value: part["value"] ?? null } : undefined)],
]);
