import { field, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";

/** A message of a request; Anthropic sends results of tools as the user's. */
export function anthropicMessage(message: unknown): PartsMessage {
  const parts = blockParts(field(message, "content"));
  const isResults = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return { role: isResults ? "tool" : (textField(message, "role") ?? "user"), parts };
}

/** Content that is a text or a list of blocks. */
export function blockParts(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return (content as readonly unknown[]).map((block) => blockPart(block));
}

function blockPart(block: unknown): Part {
  const type = textField(block, "type") ?? "";
  const read = READERS.get(type);
  if (read !== undefined) return read(block);
  // `web_search_tool_result`, `code_execution_tool_result`, `mcp_tool_result` and what comes after them.
  if (type.endsWith("tool_result")) return serverToolResponse(block, type);
  return { ...recordOf(block), type: type === "" ? "unknown" : type };
}

function withId(block: unknown, name: string): { readonly id?: string } {
  const id = textField(block, name);
  return id === undefined ? {} : { id };
}

function toolUse(block: unknown): Part {
  const input = field(block, "input");
  const call = { type: "tool_call", ...withId(block, "id"), name: textField(block, "name") ?? "" };
  return input === undefined ? call : { ...call, arguments: input };
}

function toolResult(block: unknown): Part {
  const content = field(block, "content");
  const response = Array.isArray(content) ? blockParts(content) : (content ?? null);
  const result = { type: "tool_call_response", ...withId(block, "tool_use_id"), response };
  return field(block, "is_error") === true ? { ...result, is_error: true } : result;
}

function serverToolUse(block: unknown): Part {
  const name = textField(block, "name") ?? "";
  const call = { type: name, input: field(block, "input") ?? {} };
  return { type: "server_tool_call", ...withId(block, "id"), name, server_tool_call: call };
}

function serverToolResponse(block: unknown, type: string): Part {
  const content = field(block, "content");
  const told = Array.isArray(content) ? (content as readonly unknown[]).map(withoutCipher) : withoutCipher(content);
  const response = { type: type.replace(/_?tool_result$/, ""), content: told };
  return { type: "server_tool_call_response", ...withId(block, "tool_use_id"), server_tool_call_response: response };
}

/** Search results come with kilobytes that only the provider can read. */
function withoutCipher(result: unknown): unknown {
  const record = recordOf(result);
  if (record === undefined) return result;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !name.startsWith("encrypted_")));
}

function sourcePart(block: unknown, modality: string): Part {
  const source = field(block, "source");
  const mimeType = textField(source, "media_type");
  const type = textField(source, "type");
  if (type === "url") return { type: "uri", modality, uri: textField(source, "url") ?? "" };
  if (type === "file") return { type: "file", modality, file_id: textField(source, "file_id") ?? "" };
  if (type === "text") return { type: "text", content: textField(source, "data") ?? "" };
  if (type === "content") return { type: "document", content: blockParts(field(source, "content")) };
  return leftOutMedia(mimeType, { base64: textField(source, "data") ?? "" }, modality);
}

function searchResult(block: unknown): Part {
  const { source, title } = { source: field(block, "source"), title: field(block, "title") };
  return { type: "search_result", source, title, content: blockParts(listField(block, "content")) };
}

const READERS: ReadonlyMap<string, (block: unknown) => Part> = new Map<string, (block: unknown) => Part>([
  ["text", (block) => ({ type: "text", content: textField(block, "text") ?? "" })],
  ["thinking", (block) => ({ type: "reasoning", content: textField(block, "thinking") ?? "" })],
  // Thoughts that the provider keeps to itself: that there were some is all that can be told.
  ["redacted_thinking", () => ({ type: "redacted_reasoning" })],
  ["tool_use", toolUse],
  ["tool_result", toolResult],
  ["server_tool_use", serverToolUse],
  ["mcp_tool_use", serverToolUse],
  ["image", (block) => sourcePart(block, "image")],
  ["document", (block) => sourcePart(block, "document")],
  ["search_result", searchResult],
  ["compaction", (block) => ({ type: "compaction", content: textField(block, "content") ?? "" })],
]);
