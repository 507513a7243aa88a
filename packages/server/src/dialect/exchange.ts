import type { Json, Message, MessagePart } from "@telltale/model";
import type { JsonObject } from "./json-of.ts";
import { isArray, isObject, memberOf, objectIn, textIn } from "./json-of.ts";
import { partsOf, toolCallOf } from "./message-part.ts";
import { messageOf, messagesOf } from "./messages.ts";

/** Members of a request that hold the messages, in the vendors' APIs and the AI SDK. */
const MESSAGE_MEMBERS = ["messages", "input", "contents", "prompt", "history"];
/** Members of a request that hold the system's words. */
const SYSTEM_MEMBERS = ["system", "instructions", "systemInstruction", "system_instruction"];

/** The messages of a request to a model, as a vendor's API, LangChain or the AI SDK writes it. */
export function requestMessages(request: Json | undefined): readonly Message[] | undefined {
  if (isArray(request)) return messagesOf(request);
  if (!isObject(request)) return undefined;
  const told = conversationOf(request);
  if (!told) return undefined;
  if (told.some((message) => message.role === "system")) return told;
  for (const key of SYSTEM_MEMBERS) {
    const system = memberOf(request, key);
    const parts = partsOf(objectIn(system, "parts") ? memberOf(system, "parts") : system);
    if (parts.length > 0) return [{ role: "system", parts }, ...told];
  }
  return told;
}

function conversationOf(request: JsonObject): readonly Message[] | undefined {
  for (const key of MESSAGE_MEMBERS) {
    const value = memberOf(request, key);
    if (typeof value === "string" && value !== "") return [{ role: "user", parts: [{ type: "text", content: value }] }];
    const messages = messagesOf(value);
    if (messages) return messages;
  }
  return undefined;
}

/**
 * The messages of a model's answer, as a vendor's API, LangChain or the AI SDK writes it: the whole of it, or its list
 * of messages, choices or candidates.
 */
export function responseMessages(response: Json | undefined): readonly Message[] | undefined {
  if (isArray(response))
    return messagesOf(response) ?? choices({ choices: response }) ?? candidates({ candidates: response });
  if (!isObject(response)) return undefined;
  return (
    choices(response) ??
    messagesOf(memberOf(response, "output")) ??
    candidates(response) ??
    generations(response) ??
    messagesOf(memberOf(response, "messages")) ??
    anthropicOrMessage(response) ??
    plainResult(response)
  );
}

function withReason(message: Message, reason: string | undefined): Message {
  return reason === undefined ? message : { ...message, finish_reason: reason };
}

function choices(response: JsonObject): readonly Message[] | undefined {
  const list = memberOf(response, "choices");
  if (!isArray(list) || list.length === 0) return undefined;
  const messages: Message[] = [];
  for (const choice of list) {
    const told = memberOf(choice, "message") ?? memberOf(choice, "delta");
    const message = told === undefined ? undefined : messageOf(isObject(told) ? { role: "assistant", ...told } : told);
    const text = textIn(choice, "text");
    const reason = textIn(choice, "finish_reason");
    if (message) messages.push(withReason(message, reason));
    else if (text) messages.push(withReason({ role: "assistant", parts: [{ type: "text", content: text }] }, reason));
  }
  return messages.length === 0 ? undefined : messages;
}

function candidates(response: JsonObject): readonly Message[] | undefined {
  const list = memberOf(response, "candidates");
  if (!isArray(list)) return undefined;
  const messages = list.flatMap((candidate) => {
    const parts = memberOf(objectIn(candidate, "content"), "parts");
    if (!isArray(parts)) return [];
    return [
      withReason(
        { role: "assistant", parts: partsOf(parts) },
        textIn(candidate, "finishReason") ?? textIn(candidate, "finish_reason"),
      ),
    ];
  });
  return messages.length === 0 ? undefined : messages;
}

/** LangChain: `generations: [[{text, message}]]`. */
function generations(response: JsonObject): readonly Message[] | undefined {
  const list = memberOf(response, "generations");
  const first = isArray(list) && isArray(list[0]) ? list[0] : list;
  if (!isArray(first)) return undefined;
  const messages = first.flatMap((generation) => {
    const message = messageOf(memberOf(generation, "message") ?? null);
    const text = textIn(generation, "text");
    if (message) return [message];
    return text === undefined ? [] : [{ role: "assistant", parts: partsOf(text) }];
  });
  return messages.length === 0 ? undefined : messages;
}

function anthropicOrMessage(response: JsonObject): readonly Message[] | undefined {
  const message = messageOf(response);
  return message && message.parts.length > 0 ? [message] : undefined;
}

/** The AI SDK's and Mastra's results: `{text, reasoning, toolCalls, object}`. */
function plainResult(response: JsonObject): readonly Message[] | undefined {
  const parts: MessagePart[] = [];
  const reasoning = memberOf(response, "reasoning");
  if (typeof reasoning === "string" && reasoning !== "") parts.push({ type: "reasoning", content: reasoning });
  const text = textIn(response, "text");
  if (text) parts.push({ type: "text", content: text });
  const calls = memberOf(response, "toolCalls");
  if (isArray(calls)) parts.push(...calls.map(toolCallOf));
  return parts.length === 0 ? undefined : [{ role: "assistant", parts }];
}
