import { field, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { contentParts, toolCall } from "./message-parts.ts";

/** The input of a responses request, a text or a list of items, as messages. */
export function inputMessages(input: unknown): PartsMessage[] {
  if (typeof input === "string") return [{ role: "user", parts: contentParts(input) }];
  if (!Array.isArray(input)) return [];
  return (input as readonly unknown[]).map((item) => {
    const part = itemPart(item);
    if (part === undefined) {
      return { role: textField(item, "role") ?? "user", parts: contentParts(field(item, "content")) };
    }
    return { role: part.type.endsWith("_response") ? "tool" : "assistant", parts: [part] };
  });
}

/** What the model put out, all items in one message in their order. */
export function outputMessage(items: readonly unknown[], finishReason: string | undefined): PartsMessage {
  const parts = items.flatMap((item) => {
    const part = itemPart(item);
    return part === undefined ? contentParts(field(item, "content")) : [part];
  });
  return { role: "assistant", parts, ...(finishReason === undefined ? {} : { finish_reason: finishReason }) };
}

/** The part for an item that is no message; undefined for messages. */
function itemPart(item: unknown): Part | undefined {
  const type = textField(item, "type") ?? "message";
  if (type === "message") return undefined;
  if (type === "function_call" || type === "custom_tool_call") return toolCall(item, textField(item, "call_id"));
  if (type === "function_call_output" || type === "custom_tool_call_output") {
    return { type: "tool_call_response", id: textField(item, "call_id"), response: field(item, "output") ?? null };
  }
  if (type === "reasoning") return { type: "reasoning", content: reasoningText(item) };
  if (!type.endsWith("_call")) return { ...recordOf(item), type };
  // Tools that the provider runs itself: web_search_call, file_search_call, mcp_call, …
  return {
    type: "server_tool_call",
    id: textField(item, "id"),
    name: textField(item, "name") ?? type.slice(0, -"_call".length),
    server_tool_call: item,
  };
}

function reasoningText(item: unknown): string {
  const pieces = [...listField(item, "summary"), ...listField(item, "content")];
  return pieces.map((piece) => textField(piece, "text") ?? "").join("\n\n");
}
