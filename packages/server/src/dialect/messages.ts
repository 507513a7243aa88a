import type { Json, Message, MessagePart } from "@telltale/model";
import type { JsonObject } from "./json-of.ts";
import { isArray, isObject, memberOf, objectIn, textIn } from "./json-of.ts";
import { partsOf, toolCallOf, toolResponse, argumentsOf } from "./message-part.ts";

/** Whether parsed JSON is messages in the canonical shape already, so that its text can be stored as it came. */
export function areCanonical(value: Json | undefined): value is readonly Json[] & readonly Message[] {
  if (!isArray(value)) return false;
  for (const message of value) if (!isCanonical(message)) return false;
  return true;
}

function isCanonical(message: Json): boolean {
  if (!isObject(message) || typeof message["role"] !== "string") return false;
  const { parts, name, finish_reason: reason } = message;
  if (!isArray(parts)) return false;
  if (name !== undefined && typeof name !== "string") return false;
  if (reason !== undefined && typeof reason !== "string") return false;
  for (const part of parts) if (!isCanonicalPart(part)) return false;
  return true;
}

function isCanonicalPart(part: Json): boolean {
  if (!isObject(part)) return false;
  switch (part["type"]) {
    case "text":
    case "reasoning":
      return typeof part["content"] === "string";
    case "tool_call":
      return typeof part["name"] === "string" && isOptionalText(part["id"]) && typeof part["arguments"] !== "string";
    case "tool_call_response":
      return isOptionalText(part["id"]) && !("result" in part);
    case "blob":
      return typeof part["content"] === "string" && isOptionalText(part["mime_type"]);
    case "uri":
      return typeof part["uri"] === "string" && isOptionalText(part["mime_type"]);
    case "file":
      return typeof part["file_id"] === "string" && isOptionalText(part["mime_type"]);
    default:
      return false;
  }
}

function isOptionalText(value: Json | undefined): boolean {
  return value === undefined || typeof value === "string";
}

/**
 * Messages of a list in any vendor's shape; `undefined` when it is not a list of messages.
 * Understood: the conventions', OpenAI's (chat and responses items), Anthropic's, the AI SDK's,
 * Gemini's (`parts`), LangChain's serialised ones, and a list in a list of one.
 */
export function messagesOf(value: Json | undefined): readonly Message[] | undefined {
  if (!isArray(value) || value.length === 0) return undefined;
  if (areCanonical(value)) return value;
  // LangChain's batches: a list of one list of messages.
  if (value.length === 1 && isArray(value[0]) && !isArray(value[0][0])) return messagesOf(value[0]);
  const messages: Message[] = [];
  for (const item of value) {
    const message = messageOf(item);
    if (!message) return undefined;
    messages.push(message);
  }
  return messages;
}

/** One message of any vendor; `undefined` when it is none. */
export function messageOf(item: Json): Message | undefined {
  if (!isObject(item)) return undefined;
  const kwargs = objectIn(item, "kwargs");
  if (kwargs && isArray(item["id"])) return langChainMessage(item["id"], kwargs);
  const role = roleOf(item);
  if (role === undefined) return itemMessage(item);
  const parts = isArray(item["parts"]) ? partsOf(item["parts"]) : contentParts(item, role);
  const name = textIn(item, "name");
  const reason = textIn(item, "finish_reason") ?? textIn(item, "stop_reason");
  return {
    role,
    parts,
    ...(name === undefined ? {} : { name }),
    ...(reason === undefined ? {} : { finish_reason: reason }),
  };
}

/** LangChain writes `type: "human"` where the others write a role. */
const LANGCHAIN_ROLES: ReadonlyMap<string, string> = new Map([
  ["human", "user"],
  ["ai", "assistant"],
  ["system", "system"],
  ["tool", "tool"],
]);

function roleOf(item: JsonObject): string | undefined {
  const role = textIn(item, "role");
  if (role !== undefined) return role === "model" ? "assistant" : (LANGCHAIN_ROLES.get(role) ?? role);
  return "content" in item ? LANGCHAIN_ROLES.get(textIn(item, "type") ?? "") : undefined;
}

function contentParts(item: JsonObject, role: string): readonly MessagePart[] {
  const content = memberOf(item, "content");
  const callId = textIn(item, "tool_call_id") ?? textIn(item, "toolCallId");
  const parts =
    role === "tool" && !isPartList(content)
      ? [toolResponse(callId ?? textIn(item, "id"), argumentsOf(plainText(content)))]
      : partsOf(content);
  const reasoning = textIn(item, "reasoning_content") ?? textIn(item, "reasoning");
  if (reasoning) parts.unshift({ type: "reasoning", content: reasoning });
  const refusal = textIn(item, "refusal");
  if (refusal) parts.push({ type: "text", content: refusal });
  const calls = memberOf(item, "tool_calls") ?? memberOf(objectIn(item, "additional_kwargs"), "tool_calls");
  if (isArray(calls)) parts.push(...calls.map(toolCallOf));
  const call = objectIn(item, "function_call");
  if (call) parts.push(toolCallOf(call));
  return parts;
}

/** The AI SDK's tool messages are lists of results, which name their calls themselves. */
function isPartList(content: Json | undefined): boolean {
  return isArray(content) && content.some((part) => /^tool[-_]/.test(textIn(part, "type") ?? ""));
}

/** OpenAI and MCP send a tool's text as a list of text parts. */
function plainText(content: Json | undefined): Json | undefined {
  if (!isArray(content) || content.length === 0) return content;
  const texts = content.map((part) => (textIn(part, "type") === "text" ? textIn(part, "text") : undefined));
  return texts.every((each) => each !== undefined) ? texts.join("\n") : content;
}

/** Items of OpenAI's responses API that are not messages but stand between them. */
function itemMessage(item: JsonObject): Message | undefined {
  const type = textIn(item, "type");
  if (type === "function_call_output" || type === "tool_result") return { role: "tool", parts: partsOf(item) };
  if (type === "function_call" || type === "reasoning" || type === "tool_use") {
    return { role: "assistant", parts: partsOf(item) };
  }
  return type?.endsWith("_call") ? { role: "assistant", parts: [{ type: "generic", value: item }] } : undefined;
}

const LANGCHAIN_CLASSES: ReadonlyMap<string, string> = new Map([
  ["HumanMessage", "user"],
  ["AIMessage", "assistant"],
  ["SystemMessage", "system"],
  ["ToolMessage", "tool"],
]);

function langChainMessage(id: readonly Json[], kwargs: JsonObject): Message | undefined {
  const name = String(id.at(-1)).replace(/Chunk$/, "");
  const role = LANGCHAIN_CLASSES.get(name) ?? (name.endsWith("Message") ? textIn(kwargs, "role") : undefined);
  if (role === undefined) return undefined;
  // LangChain tells of a call twice; `tool_calls` of the vendor lies in additional_kwargs.
  const calls = memberOf(kwargs, "tool_calls");
  return {
    role,
    parts: contentParts(isArray(calls) && calls.length === 0 ? { ...kwargs, tool_calls: null } : kwargs, role),
  };
}
