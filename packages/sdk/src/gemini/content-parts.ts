import { field, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia, modalityOf } from "../span/media.ts";
import { protoField, protoList, protoText } from "./proto-field.ts";

/** A content of a request or an answer; its role is user where none is told. */
export function contentMessage(content: unknown): PartsMessage {
  const parts = contentParts(content);
  const isResults = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  const role = textField(content, "role") ?? "user";
  return { role: isResults || role === "function" ? "tool" : role === "model" ? "assistant" : role, parts };
}

/** The parts of a content, of a text or of a list of parts. */
export function contentParts(content: unknown): Part[] {
  if (typeof content === "string") return [{ type: "text", content }];
  const parts = Array.isArray(content) ? (content as readonly unknown[]) : protoList(content, "parts");
  return parts.map((part) => partOf(part));
}

function partOf(part: unknown): Part {
  if (typeof part === "string") return { type: "text", content: part };
  const text = textField(part, "text");
  if (text !== undefined) return { type: field(part, "thought") === true ? "reasoning" : "text", content: text };
  for (const [name, read] of READERS) {
    const value = protoField(part, name);
    if (recordOf(value) !== undefined) return read(value);
  }
  return { ...recordOf(part), type: "unknown" };
}

function withId(value: unknown): { readonly id?: string } {
  const id = textField(value, "id");
  return id === undefined ? {} : { id };
}

function toolCall(call: unknown): Part {
  const told = field(call, "args");
  const about = { type: "tool_call", ...withId(call), name: textField(call, "name") ?? "" };
  return told === undefined ? about : { ...about, arguments: told };
}

function toolResponse(result: unknown): Part {
  const name = textField(result, "name");
  const about = { type: "tool_call_response", ...withId(result), ...(name === undefined ? {} : { name }) };
  return { ...about, response: field(result, "response") ?? null };
}

function inlineData(data: unknown): Part {
  return leftOutMedia(protoText(data, "mimeType"), { base64: textField(data, "data") ?? "" });
}

function fileData(data: unknown): Part {
  const mimeType = protoText(data, "mimeType");
  const about = { ...(mimeType === undefined ? {} : { mime_type: mimeType }), modality: modalityOf(mimeType) };
  return { type: "uri", ...about, uri: protoText(data, "fileUri") ?? "" };
}

/** Code that the model runs at the provider. */
function code(value: unknown): Part {
  return {
    type: "server_tool_call",
    name: "code_execution",
    server_tool_call: { ...recordOf(value), type: "code_execution" },
  };
}

function codeResult(value: unknown): Part {
  return {
    type: "server_tool_call_response",
    server_tool_call_response: { ...recordOf(value), type: "code_execution" },
  };
}

const READERS: readonly (readonly [field: string, read: (value: unknown) => Part])[] = [
  ["functionCall", toolCall],
  ["functionResponse", toolResponse],
  ["inlineData", inlineData],
  ["fileData", fileData],
  ["executableCode", code],
  ["codeExecutionResult", codeResult],
];
