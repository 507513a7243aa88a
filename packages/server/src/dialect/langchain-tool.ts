import type { Content, Json } from "@telltale/model";
import { contentOfJson } from "./content.ts";
import { isObject, memberOf, objectIn, textIn } from "./json-of.ts";

/** What a LangChain tool answers: its content, and which call of which tool it is for. */
export interface ToolMessage {
  readonly callId?: string | undefined;
  readonly name?: string | undefined;
  readonly content?: Content | undefined;
}

/**
 * Reads a serialised ToolMessage, bare or under `output`; `undefined` for anything else. It says
 * more than its content, so the attribute it came in is kept.
 */
export function toolMessage(value: Json | undefined): ToolMessage | undefined {
  const told = objectIn(value, "output") ?? value;
  const kwargs = isObject(told) && Array.isArray(told["id"]) ? objectIn(told, "kwargs") : undefined;
  if (!kwargs || !("tool_call_id" in kwargs)) return undefined;
  return {
    callId: textIn(kwargs, "tool_call_id"),
    name: textIn(kwargs, "name"),
    content: contentOfJson(memberOf(kwargs, "content")),
  };
}
