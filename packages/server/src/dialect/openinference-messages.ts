import type { Message, MessagePart } from "@telltale/model";
import type { FlatNode } from "./flattened.ts";
import { listOf, nodeAt, textAtNode } from "./flattened.ts";
import { argumentsOf, partOf, toolResponse } from "./message-part.ts";

/** Messages of `llm.input_messages` or `llm.output_messages`, unfolded (conventions §3). */
export function flattenedMessages(node: FlatNode | undefined): readonly Message[] {
  return listOf(node).flatMap((item) => {
    const message = messageOf(nodeAt(item, "message"));
    return message ? [message] : [];
  });
}

function messageOf(node: FlatNode | undefined): Message | undefined {
  if (!node) return undefined;
  const role = textAtNode(node, "role") || "assistant";
  const name = textAtNode(node, "name");
  const parts = [...contentParts(node), ...toolCalls(node)];
  return { role, parts, ...(name ? { name } : {}) };
}

function contentParts(node: FlatNode): readonly MessagePart[] {
  const content = textAtNode(node, "content");
  const callId = textAtNode(node, "tool_call_id");
  if (callId !== undefined && content !== undefined) return [toolResponse(callId, argumentsOf(content))];
  const parts = listOf(nodeAt(node, "contents")).flatMap((item) => contentPart(item));
  if (parts.length > 0) return parts;
  return content ? [{ type: "text", content }] : [];
}

/** One entry of `message.contents`; a tool call among them is read with the others. */
function contentPart(item: FlatNode): readonly MessagePart[] {
  const content = nodeAt(item, "message_content");
  const type = textAtNode(content, "type");
  const text = textAtNode(content, "text");
  if (nodeAt(item, "tool_call")) return [];
  if (type === "reasoning" || type === "thinking") return text ? [{ type: "reasoning", content: text }] : [];
  for (const modality of ["image", "audio", "video"]) {
    const url = textAtNode(content, modality, modality, "url") ?? textAtNode(content, modality, "url");
    if (!url) continue;
    const mime = textAtNode(content, modality, modality, "mime_type");
    return [partOf({ type: modality, url, ...(mime ? { mime_type: mime } : {}) })];
  }
  return text ? [{ type: "text", content: text }] : [];
}

/** Calls of `message.tool_calls`, or where there are none, of `message.contents`. */
function toolCalls(node: FlatNode): readonly MessagePart[] {
  const own = listOf(nodeAt(node, "tool_calls")).flatMap((item) => callOf(nodeAt(item, "tool_call")));
  if (own.length > 0) return own;
  const inContents = listOf(nodeAt(node, "contents")).flatMap((item) => callOf(nodeAt(item, "tool_call")));
  if (inContents.length > 0) return inContents;
  const name = textAtNode(node, "function_call_name");
  if (!name) return [];
  return [toolCall(name, undefined, textAtNode(node, "function_call_arguments_json"))];
}

function callOf(call: FlatNode | undefined): readonly MessagePart[] {
  const name = textAtNode(call, "function", "name");
  return name ? [toolCall(name, textAtNode(call, "id"), textAtNode(call, "function", "arguments"))] : [];
}

function toolCall(name: string, id: string | undefined, told: string | undefined): MessagePart {
  const parsed = argumentsOf(told);
  return {
    type: "tool_call",
    ...(id ? { id } : {}),
    name,
    ...(parsed === undefined ? {} : { arguments: parsed }),
  };
}
