import { field, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";

/** A message of Converse, and of Amazon's own models, which speak the same. */
export function converseMessage(message: unknown): PartsMessage {
  const parts = blockParts(listField(message, "content"));
  const isResults = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return { role: isResults ? "tool" : (textField(message, "role") ?? "user"), parts };
}

/** Blocks as parts. A mark for the cache is no content. */
export function blockParts(blocks: readonly unknown[]): Part[] {
  return blocks.filter((block) => field(block, "cachePoint") === undefined).map((block) => blockPart(block));
}

function blockPart(block: unknown): Part {
  const text = textField(block, "text");
  if (text !== undefined) return { type: "text", content: text };
  for (const [name, read] of READERS) {
    const value = field(block, name);
    if (recordOf(value) !== undefined) return read(value);
  }
  return { ...recordOf(block), type: "unknown" };
}

function withId(value: unknown): { readonly id?: string } {
  const id = textField(value, "toolUseId");
  return id === undefined ? {} : { id };
}

function toolUse(use: unknown): Part {
  const input = field(use, "input");
  const call = { type: "tool_call", ...withId(use), name: textField(use, "name") ?? "" };
  return input === undefined ? call : { ...call, arguments: input };
}

function toolResult(result: unknown): Part {
  const content = listField(result, "content");
  const [first] = content;
  const json = content.length === 1 ? field(first, "json") : undefined;
  const response = json ?? (content.length === 1 ? textField(first, "text") : undefined) ?? blockParts(content);
  const part = { type: "tool_call_response", ...withId(result), response };
  return textField(result, "status") === "error" ? { ...part, is_error: true } : part;
}

function reasoning(content: unknown): Part {
  const text = textField(field(content, "reasoningText"), "text");
  return text === undefined ? { type: "redacted_reasoning" } : { type: "reasoning", content: text };
}

function media(modality: string, mimeOf: (format: string) => string): (value: unknown) => Part {
  return (value) => {
    const source = field(value, "source");
    const format = textField(value, "format");
    const mimeType = format === undefined ? undefined : mimeOf(format);
    const uri = textField(field(source, "s3Location"), "uri");
    const about = { ...(mimeType === undefined ? {} : { mime_type: mimeType }), modality };
    if (uri !== undefined) return { type: "uri", ...about, uri };
    const text = textField(source, "text");
    if (text !== undefined) return { type: "text", content: text };
    return leftOutMedia(mimeType, { base64: textField(source, "bytes") ?? "" }, modality);
  };
}

const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ["pdf", "application/pdf"],
  ["csv", "text/csv"],
  ["html", "text/html"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
]);

function guarded(content: unknown): Part {
  return { type: "text", content: textField(field(content, "text"), "text") ?? "" };
}

const READERS: readonly (readonly [field: string, read: (value: unknown) => Part])[] = [
  ["toolUse", toolUse],
  ["toolResult", toolResult],
  ["reasoningContent", reasoning],
  ["image", media("image", (format) => `image/${format}`)],
  ["audio", media("audio", (format) => `audio/${format}`)],
  ["video", media("video", (format) => `video/${format}`)],
  ["document", media("document", (format) => DOCUMENTS.get(format) ?? `application/${format}`)],
  ["guardContent", guarded],
  [
    "citationsContent",
    (value) => ({
      type: "text",
      content: listField(value, "content")
        .map((each) => textField(each, "text") ?? "")
        .join(""),
    }),
  ],
];
