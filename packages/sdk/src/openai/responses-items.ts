import { field, listField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia, withoutMedia } from "../span/media.ts";
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

/** Tools that the program runs, although they are the provider's own. */
const RUN_BY_PROGRAM: ReadonlySet<string> = new Set(["computer", "local_shell", "shell", "apply_patch"]);
/** Calls of the program's own tools. */
const OWN_CALLS: ReadonlySet<string> = new Set(["function_call", "custom_tool_call"]);

/** The part for an item that is no message; undefined for messages. */
function itemPart(item: unknown): Part | undefined {
  const type = textField(item, "type") ?? "message";
  if (type === "message") return undefined;
  if (OWN_CALLS.has(type)) return toolCall(item, textField(item, "call_id"));
  if (type.endsWith("_call_output")) return responsePart(item);
  if (type === "reasoning") return { type: "reasoning", content: reasoningText(item) };
  if (!type.endsWith("_call")) return { ...recordOf(withoutMedia(item)), type };
  const tool = type.slice(0, -"_call".length);
  if (RUN_BY_PROGRAM.has(tool)) {
    const asked = field(item, "action") ?? field(item, "actions") ?? field(item, "operation");
    return toolCall({ name: tool, arguments: asked }, textField(item, "call_id") ?? textField(item, "id"));
  }
  // Tools that the provider runs itself: web_search_call, file_search_call, mcp_call, …
  return {
    type: "server_tool_call",
    id: textField(item, "id"),
    name: textField(item, "name") ?? tool,
    server_tool_call: withoutMedia(withoutResult(item, type)),
  };
}

function responsePart(item: unknown): Part {
  const output = field(item, "output") ?? null;
  const response = Array.isArray(output) ? contentParts(output) : withoutMedia(output);
  return { type: "tool_call_response", id: textField(item, "call_id"), response };
}

/** A picture that was drawn, in base64. */
function withoutResult(item: unknown, type: string): unknown {
  const result = textField(item, "result");
  if (type !== "image_generation_call" || result === undefined) return item;
  const mimeType = `image/${textField(item, "output_format") ?? "png"}`;
  return { ...recordOf(item), result: leftOutMedia(mimeType, { base64: result }) };
}

function reasoningText(item: unknown): string {
  const pieces = [...listField(item, "summary"), ...listField(item, "content")];
  return pieces.map((piece) => textField(piece, "text") ?? "").join("\n\n");
}

/** How often each tool of the provider was called, by the tool's name: they are billed by the call. */
export function serverToolCalls(items: readonly unknown[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const item of items) {
    const type = textField(item, "type") ?? "";
    if (OWN_CALLS.has(type) || !/^[a-z_]{1,40}_call$/.test(type)) continue;
    const tool = type.slice(0, -"_call".length);
    calls.set(tool, (calls.get(tool) ?? 0) + 1);
  }
  return calls;
}
